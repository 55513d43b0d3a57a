import type { NatsConnection } from "@nats-io/transport-node";
import { reachMs, reconnectMs } from "./bus.ts";

/** Connects to NATS, and again whenever the connection is lost; rejects when it can't be reached at first. */
export async function natsClient(url: string): Promise<NatsConnection> {
  // Only what uses it loads it.
  const { connect } = await import("@nats-io/transport-node");
  const { host, username, password } = new URL(url);
  const user = username === "" ? {} : { user: decodeURIComponent(username) };
  const pass = password === "" ? {} : { pass: decodeURIComponent(password) };
  try {
    return await connect({
      servers: host,
      ...user,
      ...pass,
      ignoreClusterUpdates: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectMs,
      reconnectJitter: 0,
      timeout: reachMs,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the broker can't be used: ${reason}`, { cause: error });
  }
}
