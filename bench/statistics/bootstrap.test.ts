import { describe, expect, it } from "vitest";
import { bootstrapEnds } from "./bootstrap.ts";

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower = Number.NaN, upper = Number.NaN] = [
    (sorted.length - 1) >> 1,
    sorted.length >> 1,
  ].map((index) => sorted[index]);
  return (lower + upper) / 2;
}

/** The medians of every resample that there is, n^n of them, smallest first. */
function everyMedian(values: readonly number[]): number[] {
  let resamples: number[][] = [[]];
  for (const _ of values) {
    resamples = resamples.flatMap((chosen) => values.map((value) => [...chosen, value]));
  }
  return resamples.map(median).toSorted((a, b) => a - b);
}

describe("a bootstrap of the median", () => {
  // Efron 1979: the k-th smallest of n, n odd, is at least the median of a resample with probability
  // P(B >= (n + 1) / 2), B binomial with n and k/n. Of 3 values: 7/27 = 0.259 and 20/27 = 0.741.
  it.each([
    [3, 0.22, 1, 3],
    [3, 0.3, 2, 2],
    [5, 0.04, 1, 5],
    [5, 0.08, 2, 4],
    [5, 0.28, 2, 4],
    [5, 0.36, 3, 3],
    [7, 0.005, 1, 7],
    [7, 0.025, 2, 6],
    [11, 0.025, 3, 9],
  ])("of 1 to %d, less a share of %d on either side, is %d to %d", (n, tail, low, high) => {
    expect(bootstrapEnds(upTo(n), tail, 7)).toEqual({ low, high });
  });

  it.each([2, 3, 4, 5, 6])("of %d values is near that of all resamples there are", (n) => {
    const values = [1, 2, 4, 8, 16, 32].slice(0, n);
    const all = everyMedian(values);
    const share = (end: number): number => all.filter((one) => one < end).length / all.length;
    for (const tail of [0.05, 0.2, 0.35]) {
      const { low, high } = bootstrapEnds(values, tail, 7);
      // Among 2 000 resamples a share is found to within 0.045, four standard deviations.
      expect(share(low)).toBeLessThan(tail + 0.045);
      expect(share(low + 0.1)).toBeGreaterThan(tail - 0.045);
      expect(share(high)).toBeLessThan(1 - tail + 0.045);
      expect(share(high + 0.1)).toBeGreaterThan(1 - tail - 0.045);
    }
  });

  it("depends on the seed alone", () => {
    const values = upTo(30).map((value) => value ** 2);
    const ends = upTo(20).map((seed) => bootstrapEnds(values, 0.1, seed));
    expect(upTo(20).map((seed) => bootstrapEnds(values, 0.1, seed))).toEqual(ends);
    expect(new Set(ends.map(({ low }) => low)).size).toBeGreaterThan(1);
  });
});
