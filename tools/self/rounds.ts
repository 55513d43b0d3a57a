import { derivedSeed, shuffled } from "../../bench/statistics/random.ts";
import { compare } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import type { Contest, Figures, Opponent } from "./contest.ts";

const opponents: readonly Opponent[] = ["first", "second"];

export interface Limits {
  /** Time limit in milliseconds: after the first round, no pair begins that wouldn't end within it. */
  readonly limitMs: number;
  readonly seed: number;
}

/**
 * Plays one pair of every contest after the other, in random order and each in random order, again and again
 * until the time is over: what drifts falls on all alike. Tells after each round how many there were.
 */
export async function playRounds(
  contests: readonly Contest[],
  { limitMs, seed }: Limits,
  tell: (rounds: number, passedMs: number) => void,
  nowMs: () => number = () => performance.now(),
): Promise<Comparison[]> {
  const startMs = nowMs();
  const played = contests.map((contest) => ({
    contest,
    pairs: [] as Figures[],
    longestMs: 0,
  }));
  const fits = (ms: number): boolean => nowMs() - startMs + ms <= limitMs;
  for (let round = 0; ; round += 1) {
    const roundSeed = derivedSeed(seed, round);
    for (const [index, current] of shuffled(played, roundSeed).entries()) {
      if (round > 0 && !fits(current.longestMs)) {
        return played.map(({ contest, pairs }) => compare(contest.row, pairs));
      }
      const begunMs = nowMs();
      current.pairs.push(
        await current.contest.play(shuffled(opponents, derivedSeed(roundSeed, index))),
      );
      current.longestMs = Math.max(current.longestMs, nowMs() - begunMs);
    }
    tell(round + 1, nowMs() - startMs);
  }
}
