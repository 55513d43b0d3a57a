import type { OneSidedPValues } from "../statistics/signed-rank.ts";
import {
  centreOf,
  detectableOf,
  isBetter,
  isUsable,
  isWithin,
  isWorse,
  maxDetectable,
  ratioOf,
  toleranceOf,
} from "./evidence.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";
import { percentDigits, percentText, signedPercent } from "../text/format.ts";

/** The significance levels and numbers of pairs that a metric is judged with. */
export interface TestSettings {
  readonly alpha: number;
  /**
   * The level that the p-value of a single worse metric has to be below: less than `alpha` where Holm adjusts over
   * several.
   */
  readonly level: number;
  /** Fewer pairs prove nothing. */
  readonly minPairs: number;
  /** The numbers of pairs at which a worsening has to show, each time, before it fails a check. */
  readonly looks: readonly number[];
}

/**
 * Judges a metric by its pairs, with its adjusted p-values. `mayFail` is false where a regression would first
 * have to be confirmed by other pairs.
 */
export function judgeByPairs(
  metric: PairedMetric,
  { above, below }: OneSidedPValues,
  settings: TestSettings,
  mayFail: boolean,
): Judgement {
  const doubt = doubtAbout(metric, settings);
  if (doubt !== null) return inconclusive(metric, settings, doubt);
  const { facts, seen, found, isOpen } = factsOf(metric, above, settings);
  const [change, tolerated] = [`${seen} over ${pairs(metric)}`, percentText(toleranceOf(metric))];
  if (isWorse(metric, above, settings.alpha)) {
    return mayFail
      ? { ...facts, verdict: "regressed", reason: change }
      : { ...facts, verdict: "inconclusive", reason: `${change}, not confirmed by fresh pairs` };
  }
  if (isBetter(metric, below, settings.alpha)) {
    return { ...facts, verdict: "improved", reason: change };
  }
  if (isWithin(metric, settings.alpha)) {
    const reason = `no worsening of ${tolerated} or more: ${change}`;
    return { ...facts, verdict: "pass", reason };
  }
  if (isOpen) {
    return { ...facts, verdict: "inconclusive", reason: `can't tell: ${change}; ${found}` };
  }
  const reason = `not shown to be worse by ${tolerated} or more: ${change}; ${found}`;
  return { ...facts, verdict: "pass", reason };
}

/** Judges a suspect by fresh pairs alone. */
export function judgeByFreshPairs(
  metric: PairedMetric,
  pValue: number,
  settings: TestSettings,
): Judgement {
  const doubt = doubtAbout(metric, settings);
  if (doubt !== null)
    return inconclusive(metric, settings, `suspected, but not confirmed: ${doubt}`);
  const { facts, seen, found, isOpen } = factsOf(metric, pValue, settings);
  const fresh = `confirmed by ${metric.differences.length} fresh pairs`;
  if (isWorse(metric, pValue, settings.alpha)) {
    return { ...facts, verdict: "regressed", reason: `${seen}, ${fresh}` };
  }
  const reason = `suspected, but not ${fresh}: ${seen}; ${found}`;
  return { ...facts, verdict: isOpen ? "inconclusive" : "pass", reason };
}

interface Findings {
  readonly facts: Omit<Judgement, "verdict" | "reason">;
  /** The change, and what would have been found, in words. */
  readonly seen: string;
  readonly found: string;
  /** Whether it can't pass without proof: there is too much noise, or the estimate exceeds the tolerance. */
  readonly isOpen: boolean;
}

function factsOf(metric: PairedMetric, pValue: number, settings: TestSettings): Findings {
  const { inAll, byNoise } = detectableOf(metric, settings);
  const ratio = ratioOf(metric, settings.alpha);
  const tolerated = toleranceOf(metric);
  return {
    facts: { name: metric.name, ratio, pValue, detectable: inAll },
    seen: changeText(ratio),
    found:
      inAll === null
        ? "too few pairs to show any worsening"
        : `a worsening of ${percentText(inAll)} would have been detected in four out of five checks`,
    // A tolerance above the bound replaces it.
    isOpen:
      byNoise === null ||
      byNoise > Math.max(maxDetectable, tolerated) ||
      centreOf(metric) > Math.log1p(tolerated),
  };
}

function doubtAbout(metric: PairedMetric, { minPairs }: TestSettings): string | null {
  if (!isUsable(metric)) return "not all of its values are numbers";
  return metric.differences.length < minPairs
    ? `${pairs(metric)} of valid trials; at least ${minPairs} are needed`
    : null;
}

function inconclusive(metric: PairedMetric, { alpha }: TestSettings, reason: string): Judgement {
  const ratio = isUsable(metric) ? ratioOf(metric, alpha) : null;
  return {
    name: metric.name,
    verdict: "inconclusive",
    ratio,
    pValue: null,
    detectable: null,
    reason,
  };
}

function pairs({ differences }: PairedMetric): string {
  return differences.length === 1 ? "1 pair" : `${differences.length} pairs`;
}

/** `23 % worse (18 to 29 %)`; an interval with both directions in it has signs. */
function changeText(ratio: Judgement["ratio"]): string {
  if (ratio === null) return "unknown";
  const { estimate, low, high } = ratio;
  if (low > 1) return `${percentText(estimate - 1)} worse (${span(low - 1, high - 1)})`;
  if (high < 1) return `${percentText(1 - estimate)} better (${span(1 - high, 1 - low)})`;
  return `${signedPercent(estimate - 1)} % (${signedPercent(low - 1)} to ${signedPercent(high - 1)} %)`;
}

function span(from: number, to: number): string {
  return `${percentDigits(from)} to ${percentText(to)}`;
}
