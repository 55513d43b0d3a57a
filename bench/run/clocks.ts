import { nowNs } from "../measure/clock.ts";
import type { Clock } from "../processes/protocol.ts";
import type { ClockCheck } from "../results/schema.ts";

/** One question for the time, and when it was asked and answered by this process's clock. */
export interface Round {
  readonly beforeNs: number;
  readonly thereNs: number;
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
    const { nowNs: thereNs } = await ask();
    asked.push({ beforeNs, thereNs, afterNs: readNs() });
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
      ({ beforeNs, thereNs, afterNs }) => beforeNs <= thereNs && thereNs <= afterNs,
    ),
    boundNs: Math.min(...asked.map(({ beforeNs, afterNs }) => (afterNs - beforeNs) / 2)),
  };
}
