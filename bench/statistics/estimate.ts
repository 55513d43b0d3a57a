import { crc32 } from "node:zlib";
import { bootstrapEnds } from "./bootstrap.ts";
import { middleOf } from "./basics.ts";

/** A figure over the trials of a cell: the trial is the unit of inference. */
export interface Estimate {
  readonly median: number;
  /** The interval's ends; null for a single trial, which says nothing of how much trials differ. */
  readonly interval: Interval | null;
  readonly trials: number;
  /** Whether it is counted, and comes out the same on every machine. */
  readonly counted: boolean;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** The chance that such an interval holds the true median, at least; 0 to 1. */
  readonly confidence: number;
}

/**
 * The median and its interval: a percentile bootstrap over the trials, which assumes nothing about the
 * distribution. The same values and seed give the same interval.
 *
 * An interval within the range of n values can hold the median with 1 - 2^(1 - n) at most, the chance
 * that they don't all lie on one side of it (David & Nagaraja, Order Statistics, 7.1): that is the
 * confidence below six trials, and 95 % from there on.
 *
 * The textbook's percentiles, 2.5 % on either side, don't keep that promise for few trials: with 6 to 15
 * they hold the median in 86 to 96 % of cases, depending on n. The remedy is to take percentiles further
 * out (Hesterberg 2015, What Teachers Should Know about the Bootstrap). Taken as far out as Student's
 * distribution is wider than the normal one, they still fall short, with 93 to 94 %, at 11 and 19 trials;
 * those of `tailShare` have at least what is stated at every n: 96 to 99 % from six trials on.
 */
export function estimate(values: readonly number[], seed = 0, counted = false): Estimate | null {
  const sorted = values.toSorted((a, b) => a - b);
  const trials = sorted.length;
  const median = middleOf(sorted);
  const [least] = sorted;
  if (median === null || least === undefined) return null;
  if (trials === 1) return { median, interval: null, trials, counted };
  // What is counted is often the same in every trial, and then there is nothing to resample.
  const ends =
    least === sorted.at(-1)
      ? { low: least, high: least }
      : bootstrapEnds(sorted, tailShare(trials), seed);
  const interval = { ...ends, confidence: confidenceOf(trials) };
  return { median, interval, trials, counted };
}

/**
 * How far the mean of a few normal values may be from the true one, with 95 % confidence, in multiples of
 * their range: for 2, 3, 4 and 5 values (Lord 1947, The Use of Range in Place of Standard Deviation in
 * the t-Test, Biometrika 34). Around their median it is 93 to 95 %.
 */
const rangeFactors = [6.353, 1.304, 0.717, 0.507];

/**
 * Whether two estimates can be told apart: whether the interval of their ratio leaves out 1, or where one
 * of them isn't above zero, that of their difference leaves out 0. It is made of the two intervals that
 * they have: the distance of the medians against the root of the sum of squares of what each interval
 * reaches towards the other (Zou & Donner 2008, Construction of confidence limits about effect measures,
 * Statistics in Medicine 27). A ratio, since what varies does so in proportion to its size, and is skewed.
 *
 * Over fewer than six trials an interval is the mere range, and three trials lie all on one side of three
 * others in one of ten cases by chance; so it is widened to what would hold the middle of normal values in
 * 95 %. A single trial of what isn't counted is told apart from nothing.
 */
export function differ(a: Estimate, b: Estimate): boolean {
  if (!isRanked(a) || !isRanked(b)) return false;
  const [lower, higher] = a.median <= b.median ? [a, b] : [b, a];
  const positive = Math.min(endsOf(lower).low, endsOf(higher).low) > 0;
  const scale = positive ? Math.log : (value: number): number => value;
  const reach = Math.hypot(reachOf(lower, scale).up, reachOf(higher, scale).down);
  return scale(higher.median) - scale(lower.median) > reach;
}

/** What `a` has more than `b`, with an interval that is made of theirs as for `differ`; null where one has none. */
export function difference(a: Estimate, b: Estimate): Estimate {
  const median = a.median - b.median;
  const trials = Math.min(a.trials, b.trials);
  const counted = a.counted && b.counted;
  if (a.interval === null || b.interval === null)
    return { median, interval: null, trials, counted };
  const [own, other] = [reachOf(a), reachOf(b)];
  const low = median - Math.hypot(own.down, other.up);
  const high = median + Math.hypot(own.up, other.down);
  const confidence = Math.min(a.interval.confidence, b.interval.confidence);
  return { median, interval: { low, high, confidence }, trials, counted };
}

/** How far an interval reaches from its median; widened below six trials. */
function reachOf(
  estimated: Estimate,
  scale = (value: number): number => value,
): { readonly down: number; readonly up: number } {
  const { low, high } = endsOf(estimated);
  const factor = rangeFactors[estimated.trials - 2];
  if (factor === undefined) {
    const middle = scale(estimated.median);
    return { down: middle - scale(low), up: scale(high) - middle };
  }
  const reach = factor * (scale(high) - scale(low));
  return { down: reach, up: reach };
}

/** The ends of an interval; a single value without one is taken to be always the same. */
function endsOf({ median, interval }: Estimate): Pick<Interval, "low" | "high"> {
  return interval ?? { low: median, high: median };
}

/** Whether its place among others means anything: a single trial of a timing may be chance. */
export function isRanked({ trials, counted }: Estimate): boolean {
  return counted || trials > 1;
}

/** The confidence of an interval over a number of trials, 0 to 1. */
export function confidenceOf(trials: number): number {
  return Math.min(0.95, 1 - 2 ** (1 - trials));
}

/** A seed for each place in a run, such as a figure of a variant in a scenario. */
export function placeSeed(seed: number, ...place: readonly string[]): number {
  return crc32(JSON.stringify([seed, ...place]));
}

/** The share of resampled medians that is left out on either side; found as the tests check it. */
function tailShare(trials: number): number {
  return trials < 12 ? 0.005 : 0.0125;
}
