import type { OneSidedPValues } from "../statistics/signed-rank.ts";
import {
  centreOf,
  detectableOf,
  isBetter,
  isUsable,
  isWithin,
  isWorse,
  ratioOf,
  toleranceOf,
} from "./evidence.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";
import { percentDigits, percentText, signedPercent } from "../text/format.ts";

/** What a metric is judged by. */
export interface Grounds {
  readonly alpha: number;
  /** What the p-value of a single metric that is worse has to be below; less than `alpha` with Holm over several. */
  readonly level: number;
  /** Fewer pairs prove nothing. */
  readonly least: number;
  /** Numbers of pairs which each have to show a worsening before it fails a check. */
  readonly looks: readonly number[];
}

/** A noisier metric can't pass: the smallest worsening, as a share, that has to be found in four of five cases. */
const mostDetectable = 0.3;

/**
 * Judges a metric by its pairs, with its adjusted p-values. `mayFail` is false where other pairs than those
 * would have to confirm it.
 */
export function judgement(
  metric: PairedMetric,
  { above, below }: OneSidedPValues,
  grounds: Grounds,
  mayFail: boolean,
): Judgement {
  const doubt = doubtAbout(metric, grounds);
  if (doubt !== null) return unjudged(metric, grounds, doubt);
  const { facts, seen, found, isOpen } = factsOf(metric, above, grounds);
  const [change, tolerated] = [`${seen} over ${pairs(metric)}`, percentText(toleranceOf(metric))];
  if (isWorse(metric, above, grounds.alpha)) {
    return mayFail
      ? { ...facts, verdict: "regressed", reason: change }
      : { ...facts, verdict: "inconclusive", reason: `${change}, not confirmed by fresh pairs` };
  }
  if (isBetter(metric, below, grounds.alpha)) {
    return { ...facts, verdict: "improved", reason: change };
  }
  if (isWithin(metric, grounds.alpha)) {
    const reason = `no worsening of ${tolerated} or more: ${change}`;
    return { ...facts, verdict: "pass", reason };
  }
  if (isOpen) {
    return { ...facts, verdict: "inconclusive", reason: `can't tell: ${change}; ${found}` };
  }
  const reason = `not shown to be worse by ${tolerated} or more: ${change}; ${found}`;
  return { ...facts, verdict: "pass", reason };
}

/** Judges what was suspected by the fresh pairs alone. */
export function freshJudgement(metric: PairedMetric, pValue: number, grounds: Grounds): Judgement {
  const doubt = doubtAbout(metric, grounds);
  if (doubt !== null) return unjudged(metric, grounds, `suspected, but not confirmed: ${doubt}`);
  const { facts, seen, found, isOpen } = factsOf(metric, pValue, grounds);
  const fresh = `confirmed by ${metric.differences.length} fresh pairs`;
  if (isWorse(metric, pValue, grounds.alpha)) {
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
  /** It can't pass without proof: there is too much noise, or the estimate is more than is tolerated. */
  readonly isOpen: boolean;
}

function factsOf(metric: PairedMetric, pValue: number, grounds: Grounds): Findings {
  const { inAll, byNoise } = detectableOf(metric, grounds);
  const ratio = ratioOf(metric, grounds.alpha);
  const tolerated = toleranceOf(metric);
  return {
    facts: { name: metric.name, ratio, pValue, detectable: inAll },
    seen: changeText(ratio),
    found:
      inAll === null
        ? "too few pairs to show any worsening"
        : `a worsening of ${percentText(inAll)} would have been detected in four out of five checks`,
    // Whoever tolerates more than the bound doesn't ask for less to be found.
    isOpen:
      byNoise === null ||
      byNoise > Math.max(mostDetectable, tolerated) ||
      centreOf(metric) > Math.log1p(tolerated),
  };
}

function doubtAbout(metric: PairedMetric, { least }: Grounds): string | null {
  if (!isUsable(metric)) return "not all of its values are numbers";
  return metric.differences.length < least
    ? `${pairs(metric)} of valid trials; at least ${least} are needed`
    : null;
}

function unjudged(metric: PairedMetric, { alpha }: Grounds, reason: string): Judgement {
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
