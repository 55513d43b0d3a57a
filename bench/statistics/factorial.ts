import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { medianOf } from "./basics.ts";
import { confidenceOf, tailShare } from "./estimate.ts";
import type { Estimate } from "./between.ts";

/** A trial's figure at both levels of the factor that is varied within a trial. */
export interface Pair {
  readonly first: number;
  readonly second: number;
}

/** The trials at the two levels of the factor that is varied between them. */
export interface Factorial {
  readonly first: readonly Pair[];
  readonly second: readonly Pair[];
}

/** What is saved by going from the first to the second level: of the factor between trials, of that within them, of both. */
export interface Savings {
  readonly between: Estimate;
  readonly within: Estimate;
  readonly both: Estimate;
  /** By how much more the one saves at the first level of the other than at the second. */
  readonly interaction: Estimate;
}

const resamples = 2_000;

/**
 * The main effects of a 2 × 2 factorial design, as differences, and their interaction (Box, Hunter & Hunter 2005,
 * Statistics for Experimenters, 2nd edition, chapter 5): what a factor saves is the mean of what it saves at either level of
 * the other. So the two add up to what both save together, whichever is changed first.
 *
 * Each of the four is a median over trials. The intervals are of a percentile bootstrap over trials, drawn at either
 * level by itself, and both halves of a trial together, since they share what is special about it; with percentiles as
 * far out, and a confidence as low, as elsewhere (`estimate.ts`). Null where a level has no trial.
 */
export function savings({ first, second }: Factorial, seed: number): Savings | null {
  const stated = savedBy(first, second);
  if (stated === null) return null;
  const trials = Math.min(first.length, second.length);
  const drawn = trials < 2 ? [] : draws(first, second, seed);
  const estimateOf = (part: keyof Saved): Estimate => ({
    median: stated[part],
    interval: intervalOf(
      drawn.map((saved) => saved[part]),
      trials,
    ),
    trials,
    counted: false,
  });
  return {
    between: estimateOf("between"),
    within: estimateOf("within"),
    both: estimateOf("both"),
    interaction: estimateOf("interaction"),
  };
}

type Saved = Readonly<Record<keyof Savings, number>>;

function savedBy(first: readonly Pair[], second: readonly Pair[]): Saved | null {
  const [a, b] = [middle(first, "first"), middle(first, "second")];
  const [c, d] = [middle(second, "first"), middle(second, "second")];
  if (a === null || b === null || c === null || d === null) return null;
  return {
    between: (a - c + (b - d)) / 2,
    within: (a - b + (c - d)) / 2,
    both: a - d,
    interaction: a - c - (b - d),
  };
}

function middle(pairs: readonly Pair[], level: keyof Pair): number | null {
  return medianOf(pairs.map((pair) => pair[level]));
}

function draws(first: readonly Pair[], second: readonly Pair[], seed: number): Saved[] {
  const generator = xoroshiro128plus(seed);
  const drawn = (pairs: readonly Pair[]): Pair[] =>
    pairs.flatMap(() => pairs[uniformInt(generator, 0, pairs.length - 1)] ?? []);
  return Array.from({ length: resamples }).flatMap(
    () => savedBy(drawn(first), drawn(second)) ?? [],
  );
}

function intervalOf(values: readonly number[], trials: number): Estimate["interval"] {
  const sorted = values.toSorted((a, b) => a - b);
  const beyond = Math.floor(tailShare(trials) * sorted.length);
  const [low, high] = [sorted[beyond], sorted.at(-1 - beyond)];
  if (low === undefined || high === undefined) return null;
  return { low, high, confidence: confidenceOf(trials) };
}
