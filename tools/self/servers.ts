import { identityOf } from "../../bench/layers/certificate.ts";
import { trustIn } from "../../bench/layers/tls.ts";
import type { Trust } from "../../bench/layers/tls.ts";
import { nowNs } from "../../bench/measure/clock.ts";
import type { Identity } from "../../bench/layers/tls.ts";
import { workMs } from "../../bench/results/work-time.ts";
import type { Histogram } from "../../bench/results/schema.ts";
import type {
  SendRequest,
  ServerEnd,
  ServerVerbs,
  TrialParameters,
} from "../../bench/processes/protocol.ts";
import { forkProcess } from "../../bench/processes/remote.ts";
import { parseVariant, recordedVariant } from "../../bench/settings/variant.ts";
import type { RecordedVariant, Variant } from "../../bench/settings/variant.ts";
import { isCompressed } from "../../transports/layers.ts";
import type { BareServerVerbs, ServedLibrary } from "./protocol.ts";
import { started } from "./starting.ts";

/** Where load processes connect, and since when times in payloads count. */
export interface ServerAddress {
  readonly port: number;
  readonly epochNs: number;
  /** Null without TLS. */
  readonly trust: Trust | null;
}

/** A server process of the harness, and what asks it for work. */
export interface ServerSide extends ServerAddress, AsyncDisposable {
  /** The requests that came in while `body` ran. */
  requestsDuring(body: () => Promise<void>): Promise<number>;
  /** User and system time while `body` ran, without the pacer's busy-wait. */
  cpuMsDuring(body: () => Promise<void>): Promise<number>;
  /** Resolves with how late the messages were sent. */
  publish(sending: SendRequest): Promise<Histogram>;
  /** Takes what comes up for prompts from here on. */
  answerPrompts(): Promise<void>;
  /** How late tokens were sent since that was last asked for. */
  tokensSent(): Promise<Histogram>;
}

interface BareServerSide extends ServerAddress, AsyncDisposable {
  publish(sending: SendRequest): Promise<void>;
  /** User and system time while `body` ran, without the pacer's busy-wait. */
  cpuMsDuring(body: () => Promise<void>): Promise<number>;
}

/** About the smallest message that real feeds have. */
export const payloadBytes = 100;

/** Ticks have more fields than that. */
const tickBytes = 256;

export const host = "127.0.0.1";

/** What both ends of a variant are started with. Compression is measured with a corpus, as everywhere. */
export function parametersOf(variant: Variant): Omit<TrialParameters, "epochNs"> {
  const common = { variant: withGivenOptions(variant), seed: 1 };
  if (!isCompressed(variant.bound.layers)) return { ...common, payloadBytes };
  const payload = { content: { kind: "json-tick" }, encoding: "json" } as const;
  return { ...common, payloadBytes: tickBytes, payload };
}

/** Without the options that have their defaults: another build may not know all of them. */
function withGivenOptions(variant: Variant): RecordedVariant {
  const recorded = recordedVariant(variant);
  const { options: defaults } = parseVariant(`${variant.transport}:${variant.client}`).bound;
  const options = Object.fromEntries(
    Object.entries(recorded.options).filter(
      ([key, value]) => JSON.stringify(defaults[key]) !== JSON.stringify(value),
    ),
  );
  return { ...recorded, options };
}

/** One server for each variant, for as long as anything is compared: so all meet the same one. */
export class Servers implements AsyncDisposable {
  readonly #started = new Map<string, Promise<ServerSide>>();
  #bare: Promise<BareServerSide> | undefined;

  of(variant: string): Promise<ServerSide> {
    const server = this.#started.get(variant) ?? startServer(variant);
    this.#started.set(variant, server);
    return server;
  }

  /** The server of the bare pair, which counts nothing. */
  bare(): Promise<BareServerSide> {
    this.#bare ??= startBareServer("websocket", "websocket");
    return this.#bare;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#started.values(), ...(this.#bare === undefined ? [] : [this.#bare])];
    const ending = all.map(async (server) => (await server)[Symbol.asyncDispose]());
    // Those that couldn't start have told so.
    await Promise.allSettled(ending);
  }
}

export async function startServer(variant: string): Promise<ServerSide> {
  const epochNs = nowNs();
  const parsed = parseVariant(variant);
  const identity = await identityFor(parsed);
  const remote = forkProcess<ServerVerbs>("bench/processes/server", "server");
  const parameters = { ...parametersOf(parsed), epochNs, addresses: [host], identity };
  const { port } = await started(remote, remote.call("start", parameters));
  const during = async (body: () => Promise<void>): Promise<ServerEnd> => {
    await remote.call("begin", { measured: true });
    await body();
    return await remote.call("end", {});
  };
  return {
    port,
    epochNs,
    trust: identity && trustIn(identity),
    requestsDuring: async (body) => (await during(body)).wire?.requests ?? 0,
    cpuMsDuring: async (body) => workMs((await during(body)).resources[0]),
    publish: async (sending) => (await remote.call("publish", sending)).lateness,
    answerPrompts: () => remote.call("answerPrompts", {}),
    tokensSent: () => remote.call("tokensSent", {}),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

async function identityFor({ bound }: Variant): Promise<Identity | null> {
  const { tls } = bound.layers;
  return tls === undefined ? null : await identityOf(tls);
}

/** One that serves what the harness serves for the variant, by the library alone. */
export async function startBareServer(
  library: ServedLibrary,
  variant: string,
): Promise<BareServerSide> {
  const epochNs = nowNs();
  const identity = await identityFor(parseVariant(variant));
  const remote = forkProcess<BareServerVerbs>("tools/self/bare-server", "bare server");
  const setting = { library, identity, payloadBytes, epochNs };
  const { port } = await started(remote, remote.call("start", setting));
  return {
    port,
    epochNs,
    trust: identity && trustIn(identity),
    publish: (sending) => remote.call("publish", sending),
    async cpuMsDuring(body) {
      await remote.call("begin", {});
      await body();
      return (await remote.call("end", {})).cpuMs;
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
