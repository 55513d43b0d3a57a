import type { Redis, RedisOptions } from "ioredis";
import { tlsConnector, unusable } from "./broker-tls.ts";
import { reachMs, reconnectMs } from "./bus.ts";
import type { BrokerAddress } from "./bus.ts";

type Options = Pick<
  RedisOptions,
  "enableOfflineQueue" | "autoResendUnfulfilledCommands" | "maxRetriesPerRequest"
>;

/**
 * Connects to Redis, and again whenever the connection is lost, after `waitMs`; rejects when it can't be reached at
 * first.
 */
export async function redisClient(
  broker: BrokerAddress,
  options: Options,
  waitMs: (attempt: number) => number = () => reconnectMs,
): Promise<Redis> {
  // Only what uses it loads it.
  const { Redis } = await import("ioredis");
  const { url, tlsName } = broker;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const client = new Redis(url, {
    ...options,
    ...(tlsName !== null && {
      Connector: await tlsConnector({ host, port: Number(port) }, tlsName),
    }),
    protocol: 2,
    lazyConnect: true,
    disableClientInfo: true,
    connectTimeout: reachMs,
    // At first, whoever waits for it is told; later, whoever counts messages.
    retryStrategy: (attempt) => (wasReached ? waitMs(attempt) : null),
  });
  let wasReached = false;
  let reason = "";
  client.on("error", (error: Error) => (reason = error.message));
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw unusable(error, reason || String(error), broker);
  }
  wasReached = true;
  return client;
}
