import { build, encodeIntoCompressedBase64 } from "./hdr-histogram.ts";
import { describe, expect, it } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import { mergedPercentiles, percentileNs, supportsPercentile } from "./percentile.ts";

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

describe("percentiles of several histograms", () => {
  it("are those of all their values, and not the mean of theirs", () => {
    const low = histogramOf(Array.from({ length: 60 }, (_, index) => index + 1));
    const high = histogramOf(Array.from({ length: 40 }, (_, index) => 1_000 + index));
    const { count, valueNs } = mergedPercentiles([low, high]);
    expect(count).toBe(100);
    expect(valueNs(0.5)).toBe(50);
    expect(valueNs(0.6)).toBe(60);
    expect(valueNs(0.61)).toBe(1_000);
  });

  it("go as far as all their values together support", () => {
    const half = histogramOf(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(percentileNs(half, 0.9)).toBeNull();
    expect(mergedPercentiles([half, half]).valueNs(0.9)).toBe(45);
    expect(mergedPercentiles([half, half]).valueNs(0.91)).toBeNull();
  });

  it("can be had of histograms with different ranges", () => {
    const short = build({ highestTrackableValue: 1_000, numberOfSignificantValueDigits: 3 });
    short.recordValue(7);
    const one = { ...histogramOf([7]), encoded: encodeIntoCompressedBase64(short) };
    const long = histogramOf(Array.from({ length: 99 }, () => 3e12));
    expect(mergedPercentiles([one, long]).count).toBe(100);
    expect((mergedPercentiles([one, long]).valueNs(0.9) ?? 0) / 3e12).toBeCloseTo(1, 3);
  });

  it("of none are none", () => {
    expect(mergedPercentiles([]).count).toBe(0);
    expect(mergedPercentiles([]).valueNs(0)).toBeNull();
  });
});
