import { derivedSeed, shuffled } from "../../bench/statistics/random.ts";
import { compared } from "./compared.ts";
import type { Compared } from "./compared.ts";
import type { Contest, Figures, Opponent } from "./contest.ts";

const opponents: readonly Opponent[] = ["first", "second"];

export interface Limits {
  /** No pair is begun that wouldn't end within so many milliseconds, but for those of the first round. */
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
): Promise<Compared[]> {
  const startMs = nowMs();
  const played = contests.map((contest) => ({
    contest,
    pairs: [] as Figures[],
    longestMs: 0,
  }));
  const fits = (ms: number): boolean => nowMs() - startMs + ms <= limitMs;
  for (let round = 0; ; round += 1) {
    const roundSeed = derivedSeed(seed, round);
    for (const [index, one] of shuffled(played, roundSeed).entries()) {
      if (round > 0 && !fits(one.longestMs)) {
        return played.map(({ contest, pairs }) => compared(contest.row, pairs));
      }
      const begunMs = nowMs();
      one.pairs.push(await one.contest.play(shuffled(opponents, derivedSeed(roundSeed, index))));
      one.longestMs = Math.max(one.longestMs, nowMs() - begunMs);
    }
    tell(round + 1, nowMs() - startMs);
  }
}
