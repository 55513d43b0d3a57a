import { describe, expect, it } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import { percentileNs, supportsPercentile } from "./percentile.ts";

describe("a percentile", () => {
  it.each([
    [0.5, 20],
    [0.9, 100],
    [0.99, 1_000],
    [0.999, 10_000],
    [0.9999, 100_000],
  ])("of %d needs %d values, and not one less", (q, least) => {
    expect(supportsPercentile(least, q)).toBe(true);
    expect(supportsPercentile(least - 1, q)).toBe(false);
  });

  it("of 1 can never be had, and none of nothing", () => {
    expect(supportsPercentile(1e9, 1)).toBe(false);
    expect(supportsPercentile(0, 0)).toBe(false);
  });

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  it.each([
    [20, 0.5, 10],
    [19, 0.5, null],
    [100, 0.9, 90],
    [99, 0.9, null],
    [1_000, 0.5, 500],
    [1_000, 0.99, 990],
    [999, 0.99, null],
    [2_000, 0.99, 1_980],
  ])("of 1 to %d ns at %d is %j", (count, q, valueNs) => {
    expect(percentileNs(histogramOf(upTo(count)), q)).toBe(valueNs);
  });

  it("is within a thousandth of long durations", () => {
    const histogram = histogramOf(upTo(1_000).map((ms) => ms * 1e6));
    expect((percentileNs(histogram, 0.9) ?? 0) / 900e6).toBeCloseTo(1, 3);
  });
});
