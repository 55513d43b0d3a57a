import { comparedMetric } from "../results/comparison.ts";
import type { Change, Side } from "../results/comparison.ts";
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
  return { level, low, high, trials: values.length };
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
