import { setTimeout } from "node:timers/promises";
import type {
  Connect,
  Connection,
  Transport,
  TransportServer,
} from "../../transports/transport.ts";

/** How long a connection of an outsider's may take to close, in milliseconds. */
const closeMs = 10_000;

/**
 * A transport of an outsider's, whose results are looked at where the types that it was written with, if any, can't be
 * relied on. Nothing is added to a message's path.
 */
export function guarded(transport: Transport<object>): Transport<object> {
  const { clients } = transport;
  return {
    ...transport,
    clients: { ...guardedAll(clients), default: guardedConnect(clients.default) },
    ...(transport.serve !== undefined && {
      serve: (...given) => checkedServer(transport.serve?.(...given)),
    }),
  };
}

function guardedAll(
  clients: Transport<object>["clients"],
): Readonly<Record<string, Connect<object>>> {
  return Object.fromEntries(
    Object.entries(clients).map(([name, connect]) => [name, guardedConnect(connect)]),
  );
}

function guardedConnect(connect: Connect<object>): Connect<object> {
  return async (...given) => {
    const connection = checkedConnection(await connect(...given));
    const close = connection[Symbol.asyncDispose].bind(connection);
    connection[Symbol.asyncDispose] = () => inTime(close());
    return connection;
  };
}

function checkedConnection(given: Connection | undefined): Connection {
  if (!Number.isSafeInteger(given?.cursor)) {
    throw new TypeError(
      "connect resolved with no connection, or with one whose cursor is no whole number",
    );
  }
  const isWhole = typeof given?.send === "function" && Symbol.asyncDispose in given;
  if (isWhole) return given;
  throw new TypeError("connect resolved with a connection without send or [Symbol.asyncDispose]");
}

function checkedServer(given: TransportServer | undefined): TransportServer {
  if (typeof given?.publish === "function" && Symbol.asyncDispose in given) return given;
  throw new TypeError("serve returned no server with publish and [Symbol.asyncDispose]");
}

async function inTime(closing: PromiseLike<void>): Promise<void> {
  const over = new AbortController();
  const late = setTimeout(closeMs, null, { signal: over.signal }).then(() => {
    throw new Error(`a connection didn't close within ${closeMs / 1_000} s`);
  });
  late.catch(() => {});
  try {
    await Promise.race([closing, late]);
  } finally {
    over.abort();
  }
}
