import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { percentileNs } from "../results/percentile.ts";
import { DurationHistogram, highestNs, histogramOf, mergeHistograms } from "./histogram.ts";

beforeAll(() => initWebAssemblySync());

const toThousand = Array.from({ length: 1_000 }, (_, index) => index + 1);

describe.each([
  ["in WebAssembly", true],
  ["in JavaScript", false],
])("a histogram %s", (_name, useWebAssembly) => {
  const encoded = (durationsNs: readonly number[]): ReturnType<DurationHistogram["encode"]> => {
    using histogram = new DurationHistogram(useWebAssembly);
    for (const durationNs of durationsNs) histogram.record(durationNs);
    return histogram.encode();
  };

  it("gives the worked percentiles of 1 to 1 000 ns", () => {
    const histogram = encoded(toThousand);
    expect(histogram).toMatchObject({ count: 1_000, minNs: 1, maxNs: 1_000, meanNs: 500.5 });
    expect([0, 0.001, 0.5, 0.9, 0.99].map((q) => percentileNs(histogram, q))).toEqual([
      1, 1, 500, 900, 990,
    ]);
  });

  it("is exact to a thousandth over its whole range", () => {
    for (let durationNs = 1; durationNs < highestNs; durationNs = durationNs * 3 + 1) {
      const { minNs, maxNs } = encoded([durationNs]);
      expect(Math.abs((minNs ?? 0) - durationNs)).toBeLessThanOrEqual(durationNs / 1_000);
      expect(Math.abs((maxNs ?? 0) - durationNs)).toBeLessThanOrEqual(durationNs / 1_000);
    }
  });

  it("keeps what is too long as the end of its range, and counts it", () => {
    const histogram = encoded([5, highestNs, highestNs + 1, Number.POSITIVE_INFINITY]);
    expect(histogram).toMatchObject({ count: 4, clamped: 2, negative: 0, minNs: 5 });
    expect((histogram.maxNs ?? 0) / highestNs).toBeCloseTo(1, 3);
  });

  it("counts what is negative, and keeps it out of everything else", () => {
    expect(encoded([-1, 0, 7])).toMatchObject({ count: 2, negative: 1, minNs: 0, maxNs: 7 });
    expect(encoded([-5])).toMatchObject({ count: 0, negative: 1, minNs: null, maxNs: null });
  });

  it("has no least, greatest or mean when it is empty", () => {
    expect(encoded([])).toMatchObject({
      count: 0,
      minNs: null,
      maxNs: null,
      meanNs: null,
      clamped: 0,
      negative: 0,
    });
  });

  it("is empty again after a reset", () => {
    using histogram = new DurationHistogram(useWebAssembly);
    for (const durationNs of [1, -1, highestNs * 2]) histogram.record(durationNs);
    expect(histogram.count).toBe(2);
    histogram.reset();
    expect(histogram.encode()).toEqual(encoded([]));
  });

  it("is the same as one recorded the other way", () => {
    expect(encoded(toThousand)).toEqual(histogramOf(toThousand));
  });
});

describe("merged histograms", () => {
  it("are as if everything had been recorded into one", () => {
    let state = 1;
    const durations = Array.from({ length: 3_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state - 1e8;
    });
    durations.push(highestNs + 1, 2 * highestNs);
    const parts = [0, 1, 2].map((part) =>
      histogramOf(durations.filter((_, index) => index % 3 === part)),
    );
    const { meanNs, maxNs, ...whole } = histogramOf(durations);
    const merged = mergeHistograms([...parts, histogramOf([])]);
    expect(merged).toMatchObject(whole);
    expect((merged.meanNs ?? 0) / (meanNs ?? 1)).toBeCloseTo(1, 9);
    // The highest that a bucket stands for, once it has been encoded.
    expect((merged.maxNs ?? 0) / (maxNs ?? 1)).toBeCloseTo(1, 3);
    expect(whole.clamped).toBe(2);
    expect(whole.negative).toBe(durations.filter((durationNs) => durationNs < 0).length);
  });

  it("of nothing are empty", () => {
    expect(mergeHistograms([])).toEqual(histogramOf([]));
  });
});
