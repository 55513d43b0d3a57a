import { detectableSampleShift } from "../statistics/detectable.ts";
import { medianOf } from "../statistics/basics.ts";
import { sampleShift, scatterOf } from "../statistics/hodges-lehmann.ts";
import { holm } from "../statistics/holm.ts";
import { mannWhitneyTest } from "../statistics/mann-whitney.ts";
import { npxCommand } from "../text/command-name.ts";
import type { Change } from "../results/comparison.ts";
import type { CellMetric } from "./cell-metrics.ts";
import { changeOf } from "./change.ts";
import { maxDetectable } from "./evidence.ts";
import type { GatingPair } from "./judge-changes.ts";
import { percentText } from "../text/format.ts";

/** The chance of suspecting any metric where neither the servers nor the machine have changed. */
const alpha = 0.01;

/**
 * A machine changes from one run to the next: among pairs of runs of identical servers, every seventh differs
 * significantly and by more than 10 %. So a worsening counts only if its whole interval lies above this ratio and
 * the slowest trial of the baseline is faster than the fastest of the candidate; otherwise `bench ab` has to tell.
 */
const minConvincingRatio = 1.5;

/**
 * Judges timing of two runs that were made at different times on one machine: by the exact test of Mann and
 * Whitney, adjusted for the number of metrics, and by the tolerance.
 */
export function judgeSeparate(pairs: readonly GatingPair[]): Change[] {
  const tests = pairs.map(({ baseline, candidate }) =>
    mannWhitneyTest(valuesOf(baseline), valuesOf(candidate)),
  );
  const above = holm(tests.map((test) => test.above));
  const below = holm(tests.map((test) => test.below));
  return pairs.map((pair, index) =>
    judgePair(pair, { above: above[index] ?? 1, below: below[index] ?? 1 }),
  );
}

function judgePair(pair: GatingPair, pValues: { above: number; below: number }): Change {
  const { baseline, candidate, tolerance } = pair;
  const [before, now] = [valuesOf(baseline), valuesOf(candidate)];
  const shift = sampleShift(before.map(Math.log), now.map(Math.log), 1 - 2 * alpha);
  const detectable = detectableOf(pair);
  const facts = {
    ...changeOf(baseline, candidate),
    gating: true,
    ratio: shift && {
      estimate: Math.exp(shift.estimate),
      low: Math.exp(shift.low),
      high: Math.exp(shift.high),
      confidence: shift.confidence,
    },
    pValue: pValues.above,
    detectable,
    margin: tolerance,
  };
  const ratio = facts.ratio?.estimate ?? 1;
  const low = facts.ratio?.low ?? 1;
  const high = facts.ratio?.high ?? 1;
  const isLarge = isBeyond(pair, ratio);
  if (
    pValues.above < alpha &&
    isLarge &&
    low > minConvincingRatio &&
    Math.min(...now) > Math.max(...before)
  ) {
    return {
      ...facts,
      verdict: "regressed",
      reason: `${percentText(ratio - 1)} slower in every trial`,
    };
  }
  if (pValues.below < alpha && isLarge && high < 1 / minConvincingRatio) {
    return { ...facts, verdict: "improved", reason: `${percentText(1 - ratio)} faster` };
  }
  if (pValues.above < alpha && isLarge && ratio > 1) {
    const reason = `${percentText(ratio - 1)} slower, but runs at different times may differ by that much by chance; ${npxCommand} ab can tell`;
    return { ...facts, verdict: "inconclusive", reason };
  }
  if (detectable === null) {
    const reason = `too few trials to show any worsening: ${before.length} in the baseline, ${now.length} in the candidate`;
    return { ...facts, verdict: "inconclusive", reason };
  }
  const found = `a worsening of ${percentText(detectable)} would have been detected in four out of five cases`;
  return detectable > Math.max(maxDetectable, tolerance.relative)
    ? { ...facts, verdict: "inconclusive", reason: `too noisy: ${found}` }
    : { ...facts, verdict: "pass", reason: `not shown to be slower: ${found}` };
}

function isBeyond({ baseline, tolerance }: GatingPair, ratio: number): boolean {
  const middle = medianOf(baseline.values.map(({ value }) => value)) ?? Number.NaN;
  const change = Math.abs(ratio - 1);
  return change > tolerance.relative && change * middle > tolerance.absolute;
}

function detectableOf({ baseline, candidate, tolerance }: GatingPair): number | null {
  const [before, now] = [valuesOf(baseline).map(Math.log), valuesOf(candidate).map(Math.log)];
  if (before.length < 2 || now.length < 2) return null;
  const scatter = Math.hypot(scatterOf(before), scatterOf(now)) / Math.SQRT2;
  const shift = detectableSampleShift(
    scatter,
    { baseline: before.length, candidate: now.length },
    { level: alpha, beyond: Math.log1p(tolerance.relative) },
  );
  return Number.isFinite(shift) ? Math.expm1(shift) : null;
}

/** Less of them is better: of metrics of which it isn't, the inverse. */
function valuesOf({ values, better }: CellMetric): number[] {
  return values.map(({ value }) => (better === "higher" ? 1 / value : value));
}
