import { medianOf } from "../statistics/basics.ts";
import { detectableShift } from "../statistics/detectable.ts";
import { pairedShift, scatterOf } from "../statistics/hodges-lehmann.ts";
import type { Shift } from "../statistics/hodges-lehmann.ts";
import type { Verdict } from "../results/comparison.ts";
import { signedRankTest } from "../statistics/signed-rank.ts";
import type { OneSidedPValues } from "../statistics/signed-rank.ts";

/** One timed metric over interleaved pairs, in the order in which they were played. */
export interface PairedMetric {
  /** Tells it from the others: variant, scenario and metric. */
  readonly name: string;
  /** For each pair `ln(candidate / baseline)`, turned so that above zero is worse. */
  readonly differences: readonly number[];
  /** For each pair by how much the candidate is worse, in the metric's unit. */
  readonly absolute: readonly number[];
  /** What is tolerated, as a share of the baseline: 0.1 for 10 %. */
  readonly margin: number;
  /** A change that is smaller than this in the metric's unit is none. */
  readonly leastAbsolute: number;
}

/** What the pairs have shown of a metric. */
export interface Judgement {
  readonly name: string;
  readonly verdict: Exclude<Verdict, "shown">;
  /** Candidate over baseline in the direction of worse: the Hodges-Lehmann estimate with its interval. */
  readonly ratio: Shift | null;
  /** One-sided, that the candidate is no worse, adjusted by Holm; of the confirming pairs where there are any. */
  readonly pValue: number | null;
  /** The least worsening, as a share, that would have been detected in four out of five cases. */
  readonly detectable: number | null;
  /** One sentence. */
  readonly reason: string;
}

/** What isn't finite, or doesn't belong together, shows nothing. */
export function isUsable({ differences, absolute, margin, leastAbsolute }: PairedMetric): boolean {
  return (
    differences.length === absolute.length &&
    [...differences, ...absolute, margin, leastAbsolute].every(Number.isFinite) &&
    Math.min(margin, leastAbsolute) >= 0
  );
}

/** One-sided p-values of the metric; 1 where it shows nothing, so that it counts among the others. */
export function pValuesOf(metric: PairedMetric): OneSidedPValues {
  return isUsable(metric) ? signedRankTest(metric.differences) : { above: 1, below: 1 };
}

/** Significantly worse, by more than is tolerated in either way. `pValue` is that it isn't worse. */
export function isWorse(metric: PairedMetric, pValue: number, alpha: number): boolean {
  return (
    pValue < alpha &&
    centreOf(metric) > Math.log1p(metric.margin) &&
    (medianOf(metric.absolute) ?? 0) > metric.leastAbsolute
  );
}

/** The same evidence the other way; `pValue` is that it isn't better. */
export function isBetter(metric: PairedMetric, pValue: number, alpha: number): boolean {
  const turned = (values: readonly number[]): number[] => values.map((value) => -value);
  const { differences, absolute } = metric;
  return isWorse(
    { ...metric, differences: turned(differences), absolute: turned(absolute) },
    pValue,
    alpha,
  );
}

/** Shown not to be worse by what is tolerated, or more. */
export function isWithin(metric: PairedMetric, alpha: number): boolean {
  const tolerated = Math.log1p(toleranceOf(metric));
  return (
    signedRankTest(metric.differences.map((difference) => difference - tolerated)).below < alpha
  );
}

/** The Hodges-Lehmann estimate of `ln(candidate / baseline)`, above zero where it is worse. */
export function centreOf({ differences }: PairedMetric): number {
  return pairedShift(differences, 0)?.estimate ?? Number.NaN;
}

/** The estimate as a ratio, with the interval that leaves out 1 where the one-sided test rejects at `alpha`. */
export function ratioOf({ differences }: PairedMetric, alpha: number): Judgement["ratio"] {
  const shift = pairedShift(differences, 1 - 2 * alpha);
  if (shift === null) return null;
  const { estimate, low, high, confidence } = shift;
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high), confidence };
}

/**
 * The larger of what is tolerated, as a share of the baseline. The baseline itself follows from the two
 * differences of a pair, wherever they aren't zero; where less is worse it is the candidate that does.
 */
export function toleranceOf({
  differences,
  absolute,
  margin,
  leastAbsolute,
}: PairedMetric): number {
  const baselines = differences.flatMap((difference, index) =>
    difference === 0 ? [] : [Math.abs((absolute[index] ?? 0) / Math.expm1(difference))],
  );
  const baseline = medianOf(baselines) ?? 0;
  return baseline > 0 ? Math.max(margin, leastAbsolute / baseline) : margin;
}

/** The smallest worsening, as a share, that is found in four of five cases; null where none ever is. */
export interface Detectable {
  /** By the whole rule, beyond what is tolerated. */
  readonly inAll: number | null;
  /** By the tests alone: what the noise leaves to be seen. */
  readonly byNoise: number | null;
}

/** `looks` are the numbers of pairs which each have to show it, below `level`. */
export function detectableOf(
  metric: PairedMetric,
  { looks, level }: { readonly looks: readonly number[]; readonly level: number },
): Detectable {
  const scatter = scatterOf(metric.differences);
  const share = (beyond: number): number | null => {
    const shift = Math.expm1(detectableShift(scatter, looks, { level, beyond }));
    return Number.isFinite(shift) ? shift : null;
  };
  return {
    inAll: share(Math.log1p(toleranceOf(metric))),
    byNoise: share(Number.NEGATIVE_INFINITY),
  };
}
