import { nowNs } from "../measure/clock.ts";
import type { Clock } from "../processes/protocol.ts";
import type { ClockCheck } from "../results/schema.ts";

/** One question for the time, and when it was asked and answered by this process's clock. */
export interface Round {
  readonly beforeNs: number;
  readonly remoteNs: number;
  readonly afterNs: number;
}

const rounds = 10;

/** Asks a process for the time, and holds its answers against this process's clock. */
export async function checkClock(
  process: string,
  ask: () => Promise<Clock>,
  readNs: () => number = nowNs,
): Promise<ClockCheck> {
  const asked: Round[] = [];
  while (asked.length < rounds) {
    const beforeNs = readNs();
    const { nowNs: remoteNs } = await ask();
    asked.push({ beforeNs, remoteNs, afterNs: readNs() });
  }
  return { process, ...agreement(asked) };
}

/**
 * Two clocks can be one only if every answer lies between its question and its receipt; how far apart
 * they could be all the same is half of the shortest round.
 */
export function agreement(asked: readonly Round[]): Omit<ClockCheck, "process"> {
  return {
    shared: asked.every(
      ({ beforeNs, remoteNs, afterNs }) => beforeNs <= remoteNs && remoteNs <= afterNs,
    ),
    boundNs: Math.min(...asked.map(({ beforeNs, afterNs }) => (afterNs - beforeNs) / 2)),
  };
}
