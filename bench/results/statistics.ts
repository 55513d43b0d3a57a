/** A figure over the trials of a cell: the trial is the unit of inference. */
export interface Estimate {
  readonly median: number;
  /** The interval's ends; null for a single trial, which says nothing of how much trials differ. */
  readonly interval: Interval | null;
  readonly trials: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** The chance that such an interval holds the true median, 0 to 1. */
  readonly confidence: number;
}

const wantedConfidence = 0.95;

/**
 * The median and its interval from order statistics, which assumes nothing about the distribution: the
 * interval from the r-th smallest to the r-th largest of n values holds the median with probability
 * 1 - 2 P(B < r), B binomial with n and 1/2 (David & Nagaraja, Order Statistics, 7.1). r is the largest
 * that gives at least 95 %; below six values that can't be had, and the interval is the whole range
 * with the confidence that it has.
 */
export function estimate(values: readonly number[]): Estimate | null {
  const sorted = values.toSorted((a, b) => a - b);
  const trials = sorted.length;
  const middle = sorted[Math.floor(trials / 2)];
  const beside = sorted[Math.ceil(trials / 2) - 1];
  if (middle === undefined || beside === undefined) return null;
  const median = (middle + beside) / 2;
  let rank = 1;
  while (coverage(trials, rank + 1) >= wantedConfidence) rank += 1;
  const low = sorted[rank - 1];
  const high = sorted[trials - rank];
  if (trials === 1 || low === undefined || high === undefined) {
    return { median, interval: null, trials };
  }
  return { median, interval: { low, high, confidence: coverage(trials, rank) }, trials };
}

/** Probability that the median of `n` values lies between the `rank`-th from below and from above. */
function coverage(n: number, rank: number): number {
  let below = 0;
  let ways = 1;
  for (let successes = 0; successes < rank; successes += 1) {
    below += ways;
    ways = (ways * (n - successes)) / (successes + 1);
  }
  return 1 - (2 * below) / 2 ** n;
}
