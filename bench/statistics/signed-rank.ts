import { sum } from "./basics.ts";

/** One-sided p-values of Wilcoxon's signed-rank test. */
export interface OneSidedPValues {
  /** That values as high as these come by chance where nothing lifts them above zero. */
  readonly above: number;
  /** That values as low as these come by chance where nothing pushes them below zero. */
  readonly below: number;
}

/**
 * Wilcoxon's signed-rank test of differences around zero, exact (Wilcoxon 1945, Individual Comparisons by
 * Ranking Methods). All assignments of signs to the ranks that there are count as equally likely, which is
 * so whatever their distribution is, as long as it's symmetric around zero.
 *
 * Ties get mid-ranks, and the distribution is that of those very ranks. Zeros are ranked with the others
 * and then left out (Pratt 1959, Remarks on Zeros and Ties in the Wilcoxon Signed Rank Procedures): leaving
 * them out first, as Wilcoxon did, can make a sample less significant by raising its values.
 *
 * NaN where a difference isn't a number; 1 on both sides where there is none.
 */
export function signedRankTest(differences: readonly number[]): OneSidedPValues {
  if (differences.some(Number.isNaN)) return { above: Number.NaN, below: Number.NaN };
  const ranks = doubledMidRanks(differences.map(Math.abs));
  const isSigned = differences.map((difference) => difference !== 0);
  const signed = ranks.filter((_, index) => isSigned[index]);
  const positive = sum(ranks.filter((_, index) => (differences[index] ?? 0) > 0));
  const atMost = cumulative(signed);
  // The distribution is symmetric: what is at least s is as likely as what is at most all - s.
  return { above: atMost[sum(signed) - positive] ?? 1, below: atMost[positive] ?? 1 };
}

/**
 * How likely it is that the ranks of the positive ones of `size` untied differences add up to at most each
 * whole number from 0.
 */
export function signedRankCumulative(size: number): readonly number[] {
  const doubled = cumulative(Array.from({ length: size }, (_, index) => 2 * (index + 1)));
  return Array.from(doubled).filter((_, index) => index % 2 === 0);
}

/** Untied ranks are the rule, and a simulation asks for the same ones a million times. */
const remembered = new Map<string, Float64Array>();
const rememberedAtMost = 256;

/** At [s]: the share of all subsets of the doubled ranks that add up to s at most. */
function cumulative(doubledRanks: readonly number[]): Float64Array {
  const ascending = doubledRanks.toSorted((a, b) => a - b);
  const key = ascending.join();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const shares = accumulated(subsetSums(ascending));
  if (remembered.size >= rememberedAtMost) remembered.clear();
  remembered.set(key, shares);
  return shares;
}

/** At [s]: the share of all subsets that add up to s. Halving at every rank keeps it a probability. */
function subsetSums(doubledRanks: readonly number[]): Float64Array {
  const shares = new Float64Array(sum(doubledRanks) + 1);
  shares[0] = 1;
  let reached = 0;
  for (const rank of doubledRanks) {
    reached += rank;
    for (let at = reached; at >= 0; at -= 1) {
      shares[at] = ((shares[at] ?? 0) + (at < rank ? 0 : (shares[at - rank] ?? 0))) / 2;
    }
  }
  return shares;
}

/** Turns shares into sums of them, in place. */
function accumulated(shares: Float64Array): Float64Array {
  for (let at = 1; at < shares.length; at += 1) {
    shares[at] = Math.min(1, (shares[at] ?? 0) + (shares[at - 1] ?? 0));
  }
  return shares;
}

/**
 * Twice the rank of each value, in the values' own order: equal values share the mean of the ranks that
 * they take up, and twice such a mean is a whole number.
 */
export function doubledMidRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted(byValue);
  const ranks: number[] = Array.from({ length: values.length }, () => 0);
  let from = 0;
  while (from < order.length) {
    let to = from;
    while (order[to + 1]?.value === order[from]?.value && to + 1 < order.length) to += 1;
    for (const { index } of order.slice(from, to + 1)) ranks[index] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

function byValue(a: { value: number }, b: { value: number }): number {
  return a.value - b.value;
}
