// Bundled for browsers: nothing here may import from Node.

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

/** What lies between two estimates; positive, or above 1, where the first has more. */
export interface Between {
  readonly difference: Effect;
  /** Null where it has no sense: where either may be nothing or less, as far as the trials say. */
  readonly ratio: Effect | null;
  /** Whether they can be told apart: whether the interval of their ratio, or else that of their difference, leaves out none. */
  readonly apart: boolean;
}

/** A value, and an interval that holds the true one with a confidence of 95 %. */
export interface Effect {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many times `base` another estimate is, and how much more. The intervals are made of the two that the
 * estimates have: the distance of the medians, less and more the root of the sum of squares of what each
 * interval reaches in that direction (Zou & Donner 2008, Construction of confidence limits about effect
 * measures, Statistics in Medicine 27); for the ratio in logarithms, since what varies does so in proportion
 * to its size, and is skewed.
 *
 * Over fewer than six trials an interval is the mere range, and three trials lie all on one side of three
 * others in one of ten cases by chance; so it is widened to what would hold the middle of normal values in
 * 95 %. A single trial of what isn't counted can't be compared at all: null.
 */
export function between(estimate: Estimate, base: Estimate): Between | null {
  if (!isRanked(estimate) || !isRanked(base)) return null;
  const difference = distance(estimate, base, (value) => value);
  const least = Math.min(...[estimate, base].map((one) => Math.min(one.median, endsOf(one).low)));
  if (least <= 0) return { difference, ratio: null, apart: leavesOutZero(difference) };
  const logarithm = distance(estimate, base, Math.log);
  const ratio = {
    value: estimate.median / base.median,
    low: Math.exp(logarithm.low),
    high: Math.exp(logarithm.high),
  };
  return { difference, ratio, apart: leavesOutZero(logarithm) };
}

/** Whether two estimates can be told apart; a single trial of what isn't counted is told apart from nothing. */
export function differ(a: Estimate, b: Estimate): boolean {
  return between(a, b)?.apart ?? false;
}

/** Whether its place among others means anything: a single trial of a timing may be chance. */
export function isRanked({ trials, counted }: Estimate): boolean {
  return counted || trials > 1;
}

function leavesOutZero({ low, high }: Effect): boolean {
  return low > 0 || high < 0;
}

function distance(a: Estimate, b: Estimate, scale: (value: number) => number): Effect {
  const value = scale(a.median) - scale(b.median);
  const [reachA, reachB] = [reachOf(a, scale), reachOf(b, scale)];
  return {
    value,
    low: value - Math.hypot(reachA.down, reachB.up),
    high: value + Math.hypot(reachA.up, reachB.down),
  };
}

/**
 * How far the mean of a few normal values may be from the true one, with 95 % confidence, in multiples of
 * their range: for 2, 3, 4 and 5 values (Lord 1947, The Use of Range in Place of Standard Deviation in
 * the t-Test, Biometrika 34). Around their median it is 93 to 95 %.
 */
const rangeFactors = [6.353, 1.304, 0.717, 0.507];

/** How far the true median may lie from the estimated one. */
function reachOf(
  estimated: Estimate,
  scale: (value: number) => number,
): { readonly down: number; readonly up: number } {
  const { low, high } = endsOf(estimated);
  const factor = rangeFactors[estimated.trials - 2];
  if (factor !== undefined) {
    const reach = factor * (scale(high) - scale(low));
    return { down: reach, up: reach };
  }
  const middle = scale(estimated.median);
  return { down: middle - scale(low), up: scale(high) - middle };
}

/** The ends of an interval; a single value without one is taken to be always the same. */
function endsOf({ median, interval }: Estimate): Pick<Interval, "low" | "high"> {
  return interval ?? { low: median, high: median };
}
