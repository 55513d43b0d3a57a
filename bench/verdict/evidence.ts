import { medianOf } from "../statistics/basics.ts";
import { detectableShift } from "../statistics/detectable.ts";
import { pairedShift } from "../statistics/hodges-lehmann.ts";
import { scatterOf } from "../statistics/scatter.ts";
import { signedRankTest } from "../statistics/signed-rank.ts";
import type { Sides } from "../statistics/signed-rank.ts";
import type { Judgement, PairedMetric } from "./paired-metric.ts";

/** What isn't finite, or doesn't belong together, shows nothing. */
export function isUsable({ differences, absolute, margin, leastAbsolute }: PairedMetric): boolean {
  return (
    differences.length === absolute.length &&
    [...differences, ...absolute, margin, leastAbsolute].every(Number.isFinite) &&
    Math.min(margin, leastAbsolute) >= 0
  );
}

/** One-sided p-values of the metric; 1 where it shows nothing, so that it counts among the others. */
export function pValuesOf(metric: PairedMetric): Sides {
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
  return signedRankTest(metric.differences.map((one) => one - tolerated)).below < alpha;
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
