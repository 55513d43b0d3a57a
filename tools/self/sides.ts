import { nowNs } from "../../bench/measure/clock.ts";
import { urlAt } from "../../bench/measure/dialler.ts";
import { percentileNs } from "../../bench/results/percentile.ts";
import { workMs } from "../../bench/results/work-time.ts";
import type { LoadVerbs, SendRequest } from "../../bench/processes/protocol.ts";
import { forkProcess } from "../../bench/processes/remote.ts";
import { parseVariant } from "../../bench/settings/variant.ts";
import type { BareVerbs, Library, Used } from "./protocol.ts";
import { host, parametersOf, payloadBytes } from "./servers.ts";
import type { ServerAddress } from "./servers.ts";
import { started } from "./starting.ts";

/** One load process, the harness's own or a bare one: both are asked the same. */
export interface Side extends AsyncDisposable {
  connect(clients: Clients): Promise<{ durationMs: number }>;
  begin(firstSequence: number): Promise<void>;
  send(sending: SendRequest): Promise<void>;
  end(): Promise<Used>;
  /** The median delivery latency of the window in nanoseconds. */
  latencyNs(deliveries: number): Promise<number | null>;
  disconnect(): Promise<void>;
  /** Resident memory in bytes after a full collection of garbage. */
  memory(): Promise<number>;
  /** Asks for `path` with autocannon; the harness's side only. */
  saturate(path: string, connections: number, forMs: number): Promise<void>;
}

interface Clients {
  readonly clients: number;
  /** How many the process holds already. */
  readonly firstClient: number;
  readonly channels: "shared" | "own";
  readonly nextSequence: number;
}

/** How many dials are under way at once, as in `bench/run/fleet.ts`. */
const concurrency = 64;

/** Before version 0.2 a process was given the certificate by itself, and one port of several addresses. */
function forOlderBuilds({ trust, port }: ServerAddress): object {
  return { certificate: trust?.authorities ?? null, addresses: [host], port, url: null };
}

/** The harness's own; of another built state of it where `build`, a folder, is named. */
export async function startHarness(
  variant: string,
  server: ServerAddress,
  build?: string,
): Promise<Side> {
  const remote = forkProcess<LoadVerbs>("bench/processes/load", "load", { build });
  const parameters = parametersOf(parseVariant(variant));
  const { port, epochNs, trust } = server;
  const url = urlAt(host, port, trust !== null).href;
  const address = { epochNs, trust, servers: [{ host, port, url }], ...forOlderBuilds(server) };
  await started(remote, remote.call("start", { ...parameters, ...address }));
  return {
    connect: async (clients) => {
      const { connected, durationMs } = await remote.call("connect", { ...clients, concurrency });
      if (connected !== clients.clients) throw new Error(`only ${connected} clients could connect`);
      return { durationMs };
    },
    begin: (firstSequence) => remote.call("begin", { firstSequence, startNs: nowNs() }),
    send: async (sending) => void (await remote.call("send", sending)),
    async end() {
      const { arrived, resources } = await remote.call("end", {});
      const recording = await remote.call("collect", { deliveries: 0, timeoutMs: 0 });
      const wrong =
        recording.duplicated + recording.reordered + recording.corrupted + recording.disconnected;
      return { arrived, wrong, cpuMs: workMs(resources) };
    },
    async latencyNs(deliveries) {
      const { delivery } = await remote.call("collect", { deliveries, timeoutMs: 1_000 });
      return percentileNs(delivery, 0.5);
    },
    disconnect: () => remote.call("disconnect", { clients: 0 }),
    async memory() {
      const { rssBytes } = await remote.call("memory", {});
      if (rssBytes === null) throw new Error("this system doesn't report resident memory");
      return rssBytes;
    },
    saturate: async (path, connections, forMs) => {
      const { failed } = await remote.call("saturate", { path, connections, forMs });
      if (failed > 0) throw new Error(`${failed} of autocannon's requests failed`);
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

export async function startBare(
  library: Library,
  { port, epochNs, trust }: ServerAddress,
): Promise<Side> {
  const remote = forkProcess<BareVerbs>("tools/self/bare", "bare load");
  const certificate = trust?.authorities ?? null;
  const setting = { library, port, certificate, payloadBytes, epochNs };
  await started(remote, remote.call("start", setting));
  return {
    connect: (clients) => remote.call("connect", { ...clients, concurrency }),
    begin: () => remote.call("begin", {}),
    send: (sending) => remote.call("send", sending),
    end: () => remote.call("end", {}),
    latencyNs: () => remote.call("latency", {}),
    disconnect: () => remote.call("disconnect", {}),
    memory: () => remote.call("memory", {}),
    saturate: () => Promise.reject(new Error("autocannon runs in the harness's load process")),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
