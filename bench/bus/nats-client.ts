import type { NatsConnection } from "@nats-io/transport-node";
import { certified, unusable } from "./broker-tls.ts";
import { reachMs, reconnectMs } from "./bus.ts";
import type { BrokerAddress } from "./bus.ts";

/** Connects to NATS, and again whenever the connection is lost; rejects when it can't be reached at first. */
export async function natsClient(broker: BrokerAddress): Promise<NatsConnection> {
  const { url, tlsName } = broker;
  // Only what uses it loads it.
  const { connect } = await import("@nats-io/transport-node");
  const { host, username, password } = new URL(url);
  const user = username === "" ? {} : { user: decodeURIComponent(username) };
  const pass = password === "" ? {} : { pass: decodeURIComponent(password) };
  // Else TLS is used where the server has it. What the library doesn't know goes to Node.
  const tls: object | null = tlsName === null ? null : certified(tlsName);
  try {
    return await connect({
      servers: host,
      ...(tls !== null && { tls }),
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
    throw unusable(error, reason, broker);
  }
}
