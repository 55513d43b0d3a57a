import type { Redis, RedisOptions } from "ioredis";
import { reachMs, reconnectMs } from "./bus.ts";

type Options = Pick<
  RedisOptions,
  "enableOfflineQueue" | "autoResendUnfulfilledCommands" | "maxRetriesPerRequest"
>;

/** Connects to Redis, and again whenever the connection is lost; rejects when it can't be reached at first. */
export async function redisClient(url: string, options: Options): Promise<Redis> {
  // Only what uses it loads it.
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    ...options,
    protocol: 2,
    lazyConnect: true,
    disableClientInfo: true,
    connectTimeout: reachMs,
    // At first, whoever waits for it is told; later, whoever counts messages.
    retryStrategy: () => (wasReached ? reconnectMs : null),
  });
  let wasReached = false;
  let reason = "";
  client.on("error", (error: Error) => (reason = error.message));
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw new Error(`the broker can't be used: ${reason || String(error)}`, { cause: error });
  }
  wasReached = true;
  return client;
}
