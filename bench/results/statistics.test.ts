import { describe, expect, it } from "vitest";
import { estimate } from "./statistics.ts";

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/**
 * The chance that the median lies between the `low`-th and the `high`-th of n values, by counting: each
 * value lies below the median or above it, with equal chances, independently of the others.
 */
function countedCoverage(n: number, low: number, high: number): number {
  let held = 0;
  for (let pattern = 0; pattern < 2 ** n; pattern += 1) {
    let below = 0;
    for (let bits = pattern; bits > 0; bits &= bits - 1) below += 1;
    if (below >= low && below < high) held += 1;
  }
  return held / 2 ** n;
}

describe("an estimate", () => {
  it("of nothing is nothing", () => {
    expect(estimate([])).toBeNull();
  });

  it("of one trial is its value, without an interval", () => {
    expect(estimate([7])).toEqual({ median: 7, interval: null, trials: 1 });
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[-1, -3], -2],
    [[5, 5, 5, 5], 5],
  ])("of %j has the median %d", (values, median) => {
    expect(estimate(values)?.median).toBe(median);
  });

  it("leaves the order of what it is given alone", () => {
    const values = [3, 1, 2];
    estimate(values);
    expect(values).toEqual([3, 1, 2]);
  });

  // David & Nagaraja, Order Statistics: ranks of the 95 % interval of the median, and its confidence.
  it.each([
    [6, 1, 6, 0.9688],
    [7, 1, 7, 0.9844],
    [8, 1, 8, 0.9922],
    [9, 2, 8, 0.9609],
    [10, 2, 9, 0.9785],
    [11, 2, 10, 0.9883],
    [12, 3, 10, 0.9614],
    [15, 4, 12, 0.9648],
    [20, 6, 15, 0.9586],
    [25, 8, 18, 0.9567],
  ])(
    "over %d trials reaches from rank %d to rank %d, as the table has it",
    (n, low, high, held) => {
      const interval = estimate(upTo(n))?.interval;
      expect(interval).toMatchObject({ low, high });
      expect(interval?.confidence).toBeCloseTo(held, 4);
    },
  );

  it.each([
    [2, 0.5],
    [3, 0.75],
    [4, 0.875],
    [5, 0.9375],
  ])("over %d trials, too few for 95 %%, is their range with the confidence %d", (n, held) => {
    expect(estimate(upTo(n))?.interval).toEqual({ low: 1, high: n, confidence: held });
  });

  it.each(upTo(12).slice(1))("over %d trials agrees with counting all cases", (n) => {
    const interval = estimate(upTo(n))?.interval;
    expect(interval).toBeDefined();
    const { low = 0, high = 0, confidence } = interval ?? {};
    expect(confidence).toBeCloseTo(countedCoverage(n, low, high), 12);
    // A narrower one would not do.
    if (n >= 6) expect(countedCoverage(n, low + 1, high - 1)).toBeLessThan(0.95);
  });

  it("still has a sound interval over a thousand trials", () => {
    const interval = estimate(upTo(1_000))?.interval;
    // Half the width is 1.96 / 2 standard deviations of B(1 000, 1/2), which are √1 000: about 31.
    expect(interval).toMatchObject({ low: 469, high: 532 });
    expect(interval?.confidence).toBeGreaterThanOrEqual(0.95);
    expect(interval?.confidence).toBeLessThan(0.96);
  });
});
