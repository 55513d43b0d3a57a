import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { maxSeed } from "./random.ts";
import { bootstrapEnds } from "./bootstrap.ts";
import { medianOf } from "./basics.ts";
import { confidenceOf, estimate, placeSeed } from "./estimate.ts";

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/**
 * The chance that the median lies between the `low`-th and the `high`-th of n values: each value lies
 * below the median or above it, with equal chances, independently of the others.
 */
function exactCoverage(n: number, low: number, high: number): number {
  let held = 0;
  let ways = 1;
  for (let below = 0; below < high; below += 1) {
    if (below >= low) held += ways;
    ways = (ways * (n - below)) / (below + 1);
  }
  return held / 2 ** n;
}

const seeds = upTo(20);

describe("an estimate", () => {
  it("of nothing is nothing", () => {
    expect(estimate([])).toBeNull();
    expect(medianOf([])).toBeNull();
  });

  it("of one trial is its value, without an interval", () => {
    expect(estimate([7])).toEqual({ median: 7, interval: null, trials: 1, counted: false });
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[-1, -3], -2],
    [[5, 5, 5, 5], 5],
  ])("of %j has the median %d", (values, median) => {
    expect(estimate(values)?.median).toBe(median);
    expect(medianOf(values)).toBe(median);
  });

  it("leaves the order of what it is given alone", () => {
    const values = [3, 1, 2];
    estimate(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("of values that are all the same has an interval without width", () => {
    const interval = { low: 4, high: 4, confidence: 0.75 };
    expect(estimate([4, 4, 4])).toEqual({ median: 4, interval, trials: 3, counted: false });
  });

  it.each([
    [2, 0.5],
    [3, 0.75],
    [4, 0.875],
    [5, 0.9375],
  ])("over %d trials, too few for 95 %%, is their range with the confidence %d", (n, held) => {
    for (const seed of seeds) {
      expect(estimate(upTo(n), seed)?.interval).toEqual({ low: 1, high: n, confidence: held });
    }
  });

  it("states 95 % from six trials on", () => {
    expect([6, 7, 100, 5_000].map(confidenceOf)).toEqual([0.95, 0.95, 0.95, 0.95]);
  });

  it("is the same again for the same seed", () => {
    const values = upTo(20).map(Math.sqrt);
    const intervals = seeds.map((seed) => estimate(values, seed)?.interval);
    expect(seeds.map((seed) => estimate(values, seed)?.interval)).toEqual(intervals);
    expect(new Set(intervals.map((one) => one?.low)).size).toBeGreaterThan(1);
  });
});

describe("the confidence of an interval", () => {
  // The ends are whole ranks where n is odd, so that what they hold is known and not sampled. Which
  // ranks depends on the resamples, so the chance is the mean over seeds.
  it.each(upTo(20).map((half) => 2 * half + 1))(
    "over %d trials, an odd number, is never more than it exactly has",
    (n) => {
      const held = seeds.map((seed) => {
        const { low = 0, high = 0 } = estimate(upTo(n), seed)?.interval ?? {};
        return exactCoverage(n, low, high);
      });
      const mean = held.reduce((sum, one) => sum + one, 0) / held.length;
      expect(mean).toBeGreaterThanOrEqual(confidenceOf(n));
      // Nor is it much wider than it must be.
      expect(mean).toBeLessThan(0.99);
    },
  );

  it.each([
    [7, 2, 6, 0.875],
    [11, 3, 9, 0.9346],
    [13, 4, 10, 0.9077],
  ])("over %d trials would be too high with 2.5 %% on either side", (n, low, high, held) => {
    expect(bootstrapEnds(upTo(n), 0.025, 7)).toEqual({ low, high });
    expect(exactCoverage(n, low, high)).toBeCloseTo(held, 4);
  });

  it.each([3, 5, 6, 10, 20])("over %d trials is what a simulation finds, or less", (n) => {
    const generator = xoroshiro128plus(n);
    // Skewed, as latencies are.
    const exponential = (): number => -Math.log1p(-uniformInt(generator, 0, maxSeed) / 2 ** 31);
    const runs = 1_000;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const { low = 0, high = 0 } =
        estimate(Array.from({ length: n }, exponential), run)?.interval ?? {};
      if (low <= Math.LN2 && Math.LN2 <= high) held += 1;
    }
    const stated = confidenceOf(n);
    const deviation = Math.sqrt((stated * (1 - stated)) / runs);
    expect(held / runs).toBeGreaterThan(stated - 3 * deviation);
  });
});

describe("the seed of a place", () => {
  it("is its own, and stays the same", () => {
    expect(placeSeed(7, "latency", "sse", "p50")).toBe(placeSeed(7, "latency", "sse", "p50"));
    const places = [["a", "bc"], ["ab", "c"], ["abc"], ["abc", ""], ["a", "b,c"]];
    const all = [7, 8].flatMap((seed) => places.map((place) => placeSeed(seed, ...place)));
    expect(new Set(all).size).toBe(10);
  });
});
