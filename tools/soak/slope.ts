import { scoreVariance } from "../../bench/statistics/mann-kendall.ts";
import { middleOf } from "../../bench/statistics/basics.ts";

/** How much a series gains per unit of time. */
export interface Slope {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The normal quantile of a two-sided interval of 95 %. */
const quantile = 1.959_964;

/** Below this many values the interval's normal approximation is not good. */
const fewestValues = 10;

/**
 * The slope of Theil and Sen, the median of the slopes between all two values, with its interval of 95 % (Gilbert,
 * Statistical Methods for Environmental Pollution Monitoring, 1987, 16.5 and 16.4): a few outliers move neither. Null
 * for fewer than ten values.
 */
export function slopeOf(times: readonly number[], values: readonly number[]): Slope | null {
  if (values.length < fewestValues) return null;
  const slopes = Float64Array.from(
    values.flatMap((later, place) =>
      values
        .slice(0, place)
        .map((earlier, before) => (later - earlier) / ((times[place] ?? 0) - (times[before] ?? 0))),
    ),
  ).toSorted();
  const width = quantile * Math.sqrt(scoreVariance(values));
  const at = (rank: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, rank))] ?? Number.NaN;
  return {
    estimate: middleOf(slopes) ?? Number.NaN,
    low: at(Math.floor((slopes.length - width) / 2) - 1),
    high: at(Math.ceil((slopes.length + width) / 2)),
  };
}
