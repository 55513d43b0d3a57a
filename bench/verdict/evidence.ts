import { medianOf } from "../statistics/basics.ts";
import { detectableShift } from "../statistics/detectable.ts";
import { pairedShift, scatterOf } from "../statistics/hodges-lehmann.ts";
import type { Shift } from "../statistics/hodges-lehmann.ts";
import type { Verdict } from "../results/comparison.ts";
import { signedRankTest } from "../statistics/signed-rank.ts";
import type { OneSidedPValues } from "../statistics/signed-rank.ts";

/** One timed metric over interleaved pairs, in the order in which they were played. */
export interface PairedMetric {
  /** Variant, scenario, phase and metric, by which it differs from all others. */
  readonly name: string;
  /** For each pair `ln(candidate / baseline)`, with the sign that makes values above zero worse. */
  readonly differences: readonly number[];
  /** For each pair by how much the candidate is worse, in the metric's unit. */
  readonly absolute: readonly number[];
  /** The tolerance as a share of the baseline: 0.1 for 10 %. */
  readonly margin: number;
  /** The tolerance in the metric's unit: a smaller change is none. */
  readonly minAbsolute: number;
}

/** What the pairs have shown of a metric. */
export interface Judgement {
  readonly name: string;
  readonly verdict: Exclude<Verdict, "shown">;
  /** Candidate over baseline in the direction of worse: the Hodges-Lehmann estimate with its interval. */
  readonly ratio: Shift | null;
  /**
   * One-sided p-value of "the candidate is no worse", adjusted by Holm; of the confirming pairs where there are
   * any.
   */
  readonly pValue: number | null;
  /** The least worsening, as a share, that would have been detected in four out of five cases. */
  readonly detectable: number | null;
  /** One sentence. */
  readonly reason: string;
}

/**
 * Noise up to which a metric can pass: the smallest worsening, as a share, that would be detected in four of five
 * cases is at most this.
 */
export const maxDetectable = 0.3;

/** Whether its values can be judged: all are finite, and each pair has both differences. */
export function isUsable({ differences, absolute, margin, minAbsolute }: PairedMetric): boolean {
  return (
    differences.length === absolute.length &&
    [...differences, ...absolute, margin, minAbsolute].every(Number.isFinite) &&
    Math.min(margin, minAbsolute) >= 0
  );
}

/** One-sided p-values of the metric; 1 where it shows nothing, so that it counts among the others. */
export function pValuesOf(metric: PairedMetric): OneSidedPValues {
  return isUsable(metric) ? signedRankTest(metric.differences) : { above: 1, below: 1 };
}

/** Whether it is significantly worse, by more than both tolerances. `pValue` is that of "it isn't worse". */
export function isWorse(metric: PairedMetric, pValue: number, alpha: number): boolean {
  return (
    pValue < alpha &&
    centreOf(metric) > Math.log1p(metric.margin) &&
    (medianOf(metric.absolute) ?? 0) > metric.minAbsolute
  );
}

/** Whether it is significantly better, by more than both tolerances; `pValue` is that of "it isn't better". */
export function isBetter(metric: PairedMetric, pValue: number, alpha: number): boolean {
  const turned = (values: readonly number[]): number[] => values.map((value) => -value);
  const { differences, absolute } = metric;
  return isWorse(
    { ...metric, differences: turned(differences), absolute: turned(absolute) },
    pValue,
    alpha,
  );
}

/** Whether it has been shown not to be worse by the tolerance or more. */
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
 * The larger of the two tolerances, as a share of the baseline. The baseline's value follows from the two
 * differences of a pair, unless they are zero; for metrics where less is worse, the candidate's value does.
 */
export function toleranceOf({ differences, absolute, margin, minAbsolute }: PairedMetric): number {
  const baselines = differences.flatMap((difference, index) =>
    difference === 0 ? [] : [Math.abs((absolute[index] ?? 0) / Math.expm1(difference))],
  );
  const baseline = medianOf(baselines) ?? 0;
  return baseline > 0 ? Math.max(margin, minAbsolute / baseline) : margin;
}

/** The smallest worsening, as a share, that is found in four of five cases; null where none ever is. */
export interface Detectable {
  /** By the whole rule, which asks for more than the tolerance. */
  readonly inAll: number | null;
  /** By the tests alone, which only noise limits. */
  readonly byNoise: number | null;
}

/** `looks` are the numbers of pairs at which the worsening has to show, each time with a p-value below `level`. */
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
