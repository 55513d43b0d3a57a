import { comparedMetric } from "../results/comparison.ts";
import type { Change, Side } from "../results/comparison.ts";
import { medianOf } from "../statistics/basics.ts";
import { estimate, placeSeed } from "../statistics/estimate.ts";
import { fullName } from "./measures.ts";
import type { Measure } from "./measures.ts";

/** The facts of a change, with nothing said of it yet. */
export function changeOf(
  baseline: Measure | null,
  candidate: Measure | null,
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
export function shown(
  baseline: Measure | null,
  candidate: Measure | null,
  margin: Change["margin"],
  reason: string,
): Change {
  return { ...changeOf(baseline, candidate), gating: false, margin, verdict: "shown", reason };
}

/** What is counted with its extremes, what is timed with the interval of its median. */
export function sideOf(measure: Measure): Side {
  if (measure.tier === 0) return countedSide(measure);
  const values = measure.values.map(({ value }) => value);
  const known = estimate(values, placeSeed(0, fullName(measure)));
  const level = known?.median ?? Number.NaN;
  const { low, high } = known?.interval ?? { low: level, high: level };
  return { level, low, high, trials: values.length };
}

/** The value that speaks for a cell. */
export function decisive({ judgedBy, better, values }: Measure): number {
  const numbers = values.map(({ value }) => value);
  if (judgedBy === "median") return medianOf(numbers) ?? Number.NaN;
  const isHighest = (judgedBy === "worst") === (better === "lower");
  return isHighest ? Math.max(...numbers) : Math.min(...numbers);
}

/** Over all trials: what is counted has no interval. */
function countedSide(measure: Measure): Side {
  const numbers = measure.values.map(({ value }) => value);
  return {
    level: decisive(measure),
    low: Math.min(...numbers),
    high: Math.max(...numbers),
    trials: numbers.length,
  };
}

function ratioOf(before: Side | null, now: Side | null): Change["ratio"] {
  if (before === null || now === null || !(before.level > 0)) return null;
  return { estimate: now.level / before.level, low: null, high: null, confidence: null };
}
