import { medianOf } from "./basics.ts";

/** How a series goes up or down over its length. */
export interface Trend {
  /** Chance of so clear a trend in a series without one, 0 to 1; two-sided. */
  readonly p: number;
  /** The change by the trend from the first to the last value, in the values' unit. */
  readonly change: number;
  readonly median: number;
}

/** Below this many values the normal approximation of the test is not good. */
const minValues = 10;

/**
 * The Mann-Kendall test for a monotonic trend, with the correction for ties and for continuity (Gilbert,
 * Statistical Methods for Environmental Pollution Monitoring, 1987, 16.4), and the slope of Theil and
 * Sen (16.5). Both look at ranks and medians, so that one stall is no trend. Null for fewer than ten
 * values.
 */
export function trendOf(values: readonly number[]): Trend | null {
  const n = values.length;
  if (n < minValues) return null;
  let score = 0;
  const slopes: number[] = [];
  for (const [i, earlier] of values.entries()) {
    for (const [distance, later] of values.slice(i + 1).entries()) {
      score += Math.sign(later - earlier);
      slopes.push((later - earlier) / (distance + 1));
    }
  }
  const variance = scoreVariance(values);
  const z = variance === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
  return {
    p: twoSided(z),
    change: (medianOf(slopes) ?? 0) * (n - 1),
    median: medianOf(values) ?? 0,
  };
}

/** The variance of Kendall's score in a series without a trend, with the correction for ties. */
export function scoreVariance(values: readonly number[]): number {
  const n = values.length;
  const tied = tieSizes(values).reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
  return (n * (n - 1) * (2 * n + 5) - tied) / 18;
}

function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}

/**
 * The chance of a standard normal value farther from 0 than `z`: Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 7.1.26; off by less than 1.5e-7.
 */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const polynomial =
    t *
    (0.254_829_592 +
      t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return polynomial * Math.exp(-x * x);
}
