import { contractTests } from "../bench/conformance/contract.ts";
import type { ContractOptions, Exception } from "../bench/conformance/contract.ts";
import { layerExceptions } from "../bench/commands/contract-of.ts";
import { isLayer } from "../transports/layers.ts";
import type { Layers } from "../transports/layers.ts";
import { transports } from "../transports/index.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { longPolling } from "../transports/long-polling.ts";
import { shortPolling } from "../transports/short-polling.ts";
import { socketIo } from "../transports/socket-io.ts";
import { sse } from "../transports/sse.ts";
import { streaming } from "../transports/streaming.ts";
import { tcp } from "../transports/tcp.ts";
import { maxMessageBytes } from "../transports/transport.ts";
import { websocket } from "../transports/websocket.ts";
import { transportContract } from "./transport-contract.ts";

/** A transport with layers, the clients that can stand on them, and what the contract can't ask for there. */
export interface LayeredVariant {
  readonly transport: AnyTransport;
  readonly contract: ContractOptions;
  readonly clients: readonly string[];
}

/** What tells layers apart: what is many or large, what ends or comes back, and the bytes of it all. */
const telling: ReadonlySet<string> = new Set([
  "sends each message to every client of its channel, once and in order",
  "carries a payload of 64 KiB",
  "sends a reconnecting client the messages that it missed",
  "tells a client that it was cut off, or of the connection in its place, once",
  "carries messages up in order, with their channel",
  "counts bytes as an independent relay does, to the byte",
  "costs what theory says for several messages at once, to the byte",
  "closes without a word to its handlers and leaves no socket",
]);

const known = new Set(contractTests(sse).map(({ name }) => name));
for (const name of telling) {
  if (!known.has(name)) throw new Error(`the contract has no test "${name}"`);
}

/**
 * Plays the whole contract over the default client of those in `whole`, and of the contract over all others what is
 * `telling`: layers.proof.ts plays all of it over each.
 */
export function layeredContracts(
  variants: readonly LayeredVariant[],
  whole: readonly AnyTransport[],
): void {
  for (const { transport, contract, clients } of variants) {
    const isWhole = (client: string): boolean => whole.includes(transport) && client === "default";
    transportContract(transport, contract, clients.filter(isWhole));
    const others = clients.filter((client) => !isWhole(client));
    transportContract(transport, contract, others, telling);
  }
}

/** Options with which no test waits for long. */
export function quick({ name }: AnyTransport): Readonly<Record<string, unknown>> {
  return name === "short-polling" ? { intervalMs: 20 } : {};
}

/** Each transport and client that can stand on the layers. */
function over(layers: Layers, only: readonly AnyTransport[] = transports): LayeredVariant[] {
  const asked = Object.keys(layers).filter(isLayer);
  return only.map((transport) => ({
    transport,
    contract: { options: { ...quick(transport), ...layers }, exceptions: layerExceptions(layers) },
    clients: transport.clients.filter((client) =>
      asked.every((layer) => transport.layers(client).includes(layer)),
    ),
  }));
}

function byDefault(variants: readonly LayeredVariant[]): LayeredVariant[] {
  return variants.map((variant) => ({ ...variant, clients: variant.clients.slice(0, 1) }));
}

export const compressed: readonly LayeredVariant[] = [
  ...over({ deflate: "takeover" }),
  ...over({ gzip: true }),
  // All read Brotli, and frames without a history, as they read the other.
  ...byDefault([
    ...over({ deflate: "no-takeover", threshold: 0 }),
    ...over({ br: true, quality: 1 }),
  ]),
];

/** One of each kind: a stream, polls, an upgraded connection, and accepted streams themselves. */
export const overTls: readonly LayeredVariant[] = [
  ...byDefault(over({ tls: "ec" }, [sse, longPolling, websocket, tcp])),
  // They read a socket by another way than TLS.
  ...over({ tls: "ec" }, [sse, websocket]).map(({ transport, contract }) => ({
    transport,
    contract,
    clients: ["lean"],
  })),
];

export const overHttp2: readonly LayeredVariant[] = byDefault(over({ h2c: true }));

export const withoutKeepAlive: readonly LayeredVariant[] = byDefault(
  over({ keepalive: "off" }, [shortPolling, longPolling]),
);

const post = { method: "post" };

/** What the contract asks of transports that answer requests, and of no others. */
export const ofAnswers: ReadonlySet<string> = new Set(
  contractTests(sse, { clients: ["default"], options: post })
    .map(({ name }) => name)
    .filter((name) => !known.has(name)),
);

function answeringOver(layers: Layers, clients: readonly string[]): LayeredVariant[] {
  const contract = { options: { ...post, ...layers }, exceptions: layerExceptions(layers) };
  return [sse, streaming].map((transport) => ({ transport, contract, clients }));
}

/** By POST, with each way in which an answer can end. */
export const answering: readonly LayeredVariant[] = [
  ...answeringOver({}, ["default", "fetch"]),
  ...[{ tls: "ec" as const }, { h2c: true as const }, { gzip: true as const }].flatMap((layers) =>
    answeringOver(layers, ["default"]).slice(0, 1),
  ),
  ...answeringOver({ br: true, h2c: true }, ["default"]).slice(1),
  ...answeringOver({ keepalive: "off" }, ["default"]).slice(1),
];

/** With every limit, and none that the contract comes near. */
export const guarded: readonly LayeredVariant[] = over(
  {
    payloadBytes: maxMessageBytes,
    perAddress: 1_000,
    perSecond: 100_000,
    origins: ["https://app.example"],
    token: "abc",
    requestMs: 10_000,
    idleMs: 10_000,
  },
  transports.filter((transport) => transport !== tcp),
);

const unacknowledged: Exception = {
  reason: "an acknowledgement may still be under way when the client closes",
  tests: ["counts bytes as an independent relay does, to the byte"],
};

/** The options of Socket.IO that change what is on the wire as layers do. */
export const ofSocketIo: readonly LayeredVariant[] = [
  { transports: "websocket" },
  { transports: "polling" },
  { transports: "websocket", msgpack: true },
  { transports: "polling", ack: true, msgpack: true, recovery: true },
].map((options) => ({
  transport: socketIo,
  contract: {
    options,
    exceptions: options.ack === true ? [unacknowledged] : [],
  },
  clients: socketIo.clients,
}));
