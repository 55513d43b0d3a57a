import { forkProcess } from "../../bench/processes/remote.ts";
import type { NetworkVerbs } from "../../bench/processes/protocol.ts";
import { workMs } from "../../bench/results/work-time.ts";
import { byTurns } from "./contest.ts";
import type { Contest, Opponent } from "./contest.ts";
import type { BareRelayVerbs } from "./protocol.ts";
import { RelayTraffic } from "./relay-traffic.ts";
import type { Route } from "./relay-traffic.ts";
import { host } from "./servers.ts";
import { started } from "./starting.ts";

/** What relays are given to pass on. */
export interface Relayed {
  readonly name: string;
  readonly clients: number;
  /** Milliseconds between two messages to one client; 0 for as fast as they are taken. */
  readonly everyMs: number;
  /** Of the harness's relay, each way. */
  readonly delayMs: number;
}

export const relayedLoads: readonly Relayed[] = [
  { name: "relay, 10 000/s", clients: 50, everyMs: 5, delayMs: 0 },
  { name: "relay, as fast as taken", clients: 50, everyMs: 0, delayMs: 0 },
  { name: "relay that delays, 10 000/s", clients: 50, everyMs: 5, delayMs: 20 },
  { name: "relay that delays, as fast as taken", clients: 50, everyMs: 0, delayMs: 20 },
];

const warmUpMs = 500;
const turnMs = 400;
const turns = 4;

/** A relay process, whose CPU time can be asked for. */
interface RelayProcess extends AsyncDisposable {
  readonly port: number;
  begin(): Promise<void>;
  /** Its processor time since `begin`. */
  end(): Promise<number>;
}

/** Messages per CPU-second of a relay process: the harness's own against one that only pipes. */
export function relayingContest({ name, clients, everyMs, delayMs }: Relayed): Contest {
  return {
    variant: "tcp",
    row: {
      name,
      unit: "messages",
      lessIsBetter: false,
      aim: delayMs > 0 ? null : { atLeast: 0.9 },
    },
    async play(order) {
      await using traffic = await RelayTraffic.open();
      await using first = await startRelay(traffic.port, delayMs);
      await using second = await startBareRelay(traffic.port);
      const relays = { first, second };
      const routes = {
        first: await traffic.through(first.port, clients),
        second: await traffic.through(second.port, clients),
      };
      for (const opponent of order) await routes[opponent].send(everyMs, warmUpMs);
      return await byTurns(order, turns, (opponent: Opponent) =>
        messagesPerSecond(relays[opponent], routes[opponent], everyMs),
      );
    },
  };
}

async function messagesPerSecond(
  relay: RelayProcess,
  route: Route,
  everyMs: number,
): Promise<number> {
  await relay.begin();
  const messages = await route.send(everyMs, turnMs);
  return (messages * 1_000) / (await relay.end());
}

async function startRelay(serverPort: number, delayMs: number): Promise<RelayProcess> {
  const remote = forkProcess<NetworkVerbs>("bench/processes/network", "network");
  const servers = [{ host, port: serverPort, url: "" }];
  const start = remote.call("start", { addresses: [host], servers, seed: 1, profile: null });
  const { port } = await started(remote, start);
  await remote.call("carry", { directions: ["down", "up"], change: { delayMs }, afterMs: 0 });
  return {
    port,
    begin: () => remote.call("begin", { seed: 1 }),
    end: async () => workMs(await remote.call("end", {})),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

async function startBareRelay(serverPort: number): Promise<RelayProcess> {
  const remote = forkProcess<BareRelayVerbs>("tools/self/bare-relay", "bare relay");
  const { port } = await started(remote, remote.call("start", { host, port: serverPort }));
  return {
    port,
    begin: () => remote.call("begin", {}),
    end: async () => (await remote.call("end", {})).cpuMs,
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
