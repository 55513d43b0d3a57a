import { medianOf } from "../../bench/statistics/basics.ts";
import { pairedShift } from "../../bench/statistics/hodges-lehmann.ts";
import type { Figures, Row } from "./contest.ts";

/** A row, and what all pairs have come to. */
export interface Comparison extends Row {
  readonly pairs: number;
  /** The medians. */
  readonly first: number;
  readonly second: number;
  readonly ratio: Ratio;
}

export interface Ratio {
  readonly estimate: number;
  /** The ends of its 95 % interval; null where there are too few pairs for one, fewer than six. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const confidence = 0.95;

/** The ratio of the first side to the second, pair by pair. */
export function compare(row: Row, figures: readonly Figures[]): Comparison {
  const shift = pairedShift(
    figures.map(({ first, second }) => Math.log(first / second)),
    confidence,
  );
  return {
    ...row,
    pairs: figures.length,
    first: medianOf(figures.map(({ first }) => first)) ?? Number.NaN,
    second: medianOf(figures.map(({ second }) => second)) ?? Number.NaN,
    ratio: {
      estimate: Math.exp(shift?.estimate ?? Number.NaN),
      interval:
        shift === null || shift.confidence < confidence
          ? null
          : { low: Math.exp(shift.low), high: Math.exp(shift.high) },
    },
  };
}

/** By how much the first may be slower than the second before it counts. */
const tolerated = 0.03;

/** Whether the first is slower than the second by more than that; `open` where that is inconclusive. */
export type Slowdown = "shown" | "excluded" | "open";

export function slowdownOf({ ratio: { interval }, lessIsBetter }: Comparison): Slowdown {
  if (interval === null) return "open";
  const { low, high } = interval;
  // What one of the unit takes; or where the unit is a time, that.
  const cost = lessIsBetter ? { low, high } : { low: 1 / high, high: 1 / low };
  if (cost.low > 1 + tolerated) return "shown";
  return cost.high <= 1 + tolerated ? "excluded" : "open";
}
