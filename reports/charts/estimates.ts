import type { Estimate } from "../../bench/statistics/estimate.ts";
import { digits, round } from "../../bench/text/format.ts";
import type { Point } from "./chart.ts";

/** An estimate of what depends on this one alone, and grows with it. */
export function mapped(
  { median, interval, ...rest }: Estimate,
  change: (value: number) => number,
): Estimate {
  return {
    median: change(median),
    interval: interval && { ...interval, low: change(interval.low), high: change(interval.high) },
    ...rest,
  };
}

/** The median as a point with its interval. */
export function pointOf(at: number, estimate: Estimate, unit: string): Point {
  const { median, interval } = estimate;
  return {
    at,
    value: median,
    interval: interval && { low: interval.low, high: interval.high },
    detail: detailOf(estimate, unit),
    style: null,
  };
}

/** `5480–5500 B/s, 50 % confidence, 2 trials`. */
function detailOf({ interval, trials }: Estimate, unit: string): string {
  if (interval === null) return "1 trial, so no interval";
  const [low, high] = [digits(interval.low), digits(interval.high)];
  const span = low === high ? `±0 ${unit} in the digits shown` : `${low}–${high} ${unit}`;
  return `${span}, ${round(100 * interval.confidence)} % confidence, ${trials} trials`;
}
