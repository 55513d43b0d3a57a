import { comparedMetric } from "../results/comparison.ts";
import type { Change, Side } from "../results/comparison.ts";
import { isBeyondClocks } from "../results/clock-bound.ts";
import { medianOf } from "../statistics/basics.ts";
import { estimate, placeSeed } from "../statistics/estimate.ts";
import { fullName } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";

/** The facts of a change, with nothing said of it yet. */
export function changeOf(
  baseline: CellMetric | null,
  candidate: CellMetric | null,
): Omit<Change, "gating" | "margin" | "verdict" | "reason"> {
  const known = candidate ?? baseline;
  if (known === null) throw new Error("a change has at least one side");
  const [before, now] = [baseline && sideOf(baseline), candidate && sideOf(candidate)];
  return {
    ...comparedMetric(known),
    baseline: before,
    candidate: now,
    ratio: ratioOf(before, now),
    pValue: null,
    detectable: null,
  };
}

/** Whether the clocks that tell it are too far apart: then it is neither better nor worse than another. */
export function isTooUnclear(metric: CellMetric): boolean {
  return metric.clockBound !== null && isBeyondClocks(decisive(metric), metric.clockBound);
}

/** A change that was to be judged and can't be, and why. */
export function unclear(
  baseline: CellMetric,
  candidate: CellMetric,
  margin: Change["margin"],
  reason: string,
): Change {
  const facts = changeOf(baseline, candidate);
  return { ...facts, gating: true, margin, verdict: "inconclusive", reason };
}

/** A change that is shown and not judged, and why. */
export function notJudged(
  baseline: CellMetric | null,
  candidate: CellMetric | null,
  margin: Change["margin"],
  reason: string,
): Change {
  return { ...changeOf(baseline, candidate), gating: false, margin, verdict: "shown", reason };
}

/** One side of a change: a counted metric with its extremes, a timed one with the interval of its median. */
export function sideOf(metric: CellMetric): Side {
  if (metric.tier === 0) return countedSide(metric);
  const values = metric.values.map(({ value }) => value);
  const known = estimate(values, placeSeed(0, fullName(metric)));
  const level = known?.median ?? Number.NaN;
  const { low, high } = known?.interval ?? { low: level, high: level };
  const { clockBound } = metric;
  return { level, low, high, trials: values.length, ...(clockBound !== null && { clockBound }) };
}

/** The value that represents a cell in a comparison. */
export function decisive({ judgedBy, better, values }: CellMetric): number {
  const numbers = values.map(({ value }) => value);
  if (judgedBy === "median") return medianOf(numbers) ?? Number.NaN;
  const isHighest = (judgedBy === "worst") === (better === "lower");
  return isHighest ? Math.max(...numbers) : Math.min(...numbers);
}

/** A counted metric over all trials, which has extremes and no interval. */
function countedSide(metric: CellMetric): Side {
  const numbers = metric.values.map(({ value }) => value);
  return {
    level: decisive(metric),
    low: Math.min(...numbers),
    high: Math.max(...numbers),
    trials: numbers.length,
  };
}

function ratioOf(before: Side | null, now: Side | null): Change["ratio"] {
  if (before === null || now === null || !(before.level > 0)) return null;
  return { estimate: now.level / before.level, low: null, high: null, confidence: null };
}
