import { identityOf } from "../../bench/layers/certificate.ts";
import { trustIn } from "../../bench/layers/tls.ts";
import type { Trust } from "../../bench/layers/tls.ts";
import { nowNs } from "../../bench/measure/clock.ts";
import type { Histogram } from "../../bench/results/schema.ts";
import type { SendRequest, ServerVerbs } from "../../bench/processes/protocol.ts";
import { forkProcess } from "../../bench/processes/remote.ts";
import { parseVariant, recordedVariant } from "../../bench/settings/variant.ts";
import type { BareServerVerbs } from "./protocol.ts";

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
  /** Resolves with how late the messages were sent. */
  publish(sending: SendRequest): Promise<Histogram>;
}

interface BareServerSide extends ServerAddress, AsyncDisposable {
  publish(sending: SendRequest): Promise<void>;
}

/** About the smallest message that real feeds have. */
export const payloadBytes = 100;

export const host = "127.0.0.1";
export const seed = 1;

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
    this.#bare ??= startBareServer();
    return this.#bare;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#started.values(), ...(this.#bare === undefined ? [] : [this.#bare])];
    await Promise.all(all.map(async (server) => (await server)[Symbol.asyncDispose]()));
  }
}

async function startServer(variant: string): Promise<ServerSide> {
  const epochNs = nowNs();
  const remote = forkProcess<ServerVerbs>("bench/processes/server", "server");
  const parsed = parseVariant(variant);
  const { tls } = parsed.bound.layers;
  const identity = tls === undefined ? null : await identityOf(tls);
  const { port } = await remote.call("start", {
    variant: recordedVariant(parsed),
    payloadBytes,
    seed,
    epochNs,
    addresses: [host],
    identity,
  });
  return {
    port,
    epochNs,
    trust: identity && trustIn(identity),
    async requestsDuring(body) {
      await remote.call("begin", { measured: true });
      await body();
      return (await remote.call("end", {})).wire?.requests ?? 0;
    },
    publish: async (sending) => (await remote.call("publish", sending)).lateness,
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

async function startBareServer(): Promise<BareServerSide> {
  const epochNs = nowNs();
  const remote = forkProcess<BareServerVerbs>("tools/self/bare-server", "bare server");
  const { port } = await remote.call("start", { payloadBytes, epochNs });
  return {
    port,
    epochNs,
    trust: null,
    publish: (sending) => remote.call("publish", sending),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
