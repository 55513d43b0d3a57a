import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ownNs } from "../../bench/measure/clock.ts";
import { forkProcess } from "../../bench/processes/remote.ts";
import type { LoadVerbs } from "../../bench/processes/protocol.ts";
import type { Remote } from "../../bench/processes/remote.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import { byTurns } from "./contest.ts";
import type { Contest } from "./contest.ts";
import { started } from "./starting.ts";

/** What is asked: nearly nothing. */
export type Asked = Pick<LoadVerbs, "clock">;

const trips = 1_000;
const turns = 4;

/** Asks a process again and again: the median of microseconds until it answers. */
export async function medianTripUs(
  remote: Pick<Remote<Asked>, "call">,
  times: number,
): Promise<number> {
  const trips: number[] = [];
  while (trips.length < times) {
    const askedNs = ownNs();
    await remote.call("clock", {});
    trips.push((ownNs() - askedNs) / 1_000);
  }
  return medianOf(trips) ?? Number.NaN;
}

/** A load process of this machine; of another state, with that state's way to ask it, where `build` is named. */
export async function startAsked(build?: string): Promise<AskedProcess> {
  const fork = build === undefined ? forkProcess : await forkOf(build);
  const remote = fork<Asked>("bench/processes/load", "load");
  await started(remote, remote.call("clock", {}));
  return {
    medianTripUs: (times) => medianTripUs(remote, times),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

interface AskedProcess extends AsyncDisposable {
  medianTripUs(times: number): Promise<number>;
}

async function forkOf(build: string): Promise<typeof forkProcess> {
  const file = pathToFileURL(join(build, "dist/bench/processes/remote.js")).href;
  const { forkProcess: fork }: { forkProcess: typeof forkProcess } = await import(file);
  return fork;
}

/** How long a verb takes until it is answered by a process of this machine: this state's way against another's. */
export function tripContest(build: string): Contest {
  return {
    variant: "websocket",
    row: { name: "a verb over IPC", unit: "µs", lessIsBetter: true, aim: null },
    async play(order) {
      await using first = await startAsked();
      await using second = await startAsked(build);
      const both = { first, second };
      await byTurns(order, 1, (opponent) => both[opponent].medianTripUs(trips));
      return await byTurns(order, turns, (opponent) => both[opponent].medianTripUs(trips));
    },
  };
}
