import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { maxSeed } from "./random.ts";
import { bootstrapEnds } from "./bootstrap.ts";
import { medianOf } from "./basics.ts";
import { confidenceOf, differ, difference, estimate, placeSeed } from "./estimate.ts";
import type { Estimate } from "./estimate.ts";

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

describe("two estimates", () => {
  const over = (trials: number, low: number, high: number): Estimate => ({
    median: (low + high) / 2,
    trials,
    interval: { low, high, confidence: confidenceOf(trials) },
    counted: false,
  });

  it.each([
    // Each reaches a tenth towards the other: together by the root of two of that, in logarithms.
    [9, 11, 10.39, 12.69, false],
    [9, 11, 10.41, 12.7, true],
    // Only what lies between them counts.
    [0.5, 11, 12, 1_000, true],
  ])("over six trials, with intervals %d to %d and %d to %d, differ: %j", (...row) => {
    const [low, high, otherLow, otherHigh, apart] = row;
    const one = { ...over(6, low, high), median: 10 };
    const other = { ...over(6, otherLow, otherHigh), median: otherLow * 1.1 };
    expect(differ(one, other)).toBe(apart);
    expect(differ(other, one)).toBe(apart);
  });

  it.each([
    // From what doesn't vary, each reaches as many ranges of logarithms as Lord's table has.
    [5, 0.507],
    [4, 0.717],
    [3, 1.304],
    [2, 6.353],
  ])("over %d trials differ from what doesn't vary by %d ranges or more", (trials, ranges) => {
    const scattered = { ...over(trials, 10, 12), median: 11 };
    const at = (share: number): Estimate => {
      const value = 11 * (12 / 10) ** (share * ranges);
      return over(trials, value, value);
    };
    expect(differ(scattered, at(0.99))).toBe(false);
    expect(differ(scattered, at(1.01))).toBe(true);
    expect(differ(at(1.01), scattered)).toBe(true);
  });

  it("that reach zero are told apart by their difference", () => {
    const none = over(3, 0, 2);
    const far = 1 + 1.304 * Math.hypot(2, 2);
    expect(differ(none, over(3, far - 1.01, far + 0.99))).toBe(false);
    expect(differ(none, over(3, far - 0.99, far + 1.01))).toBe(true);
  });

  it("have a difference whose interval reaches as far as both of theirs do together", () => {
    const { median, interval, trials } = difference(over(6, 18, 24), over(9, 9, 17));
    expect([median, trials]).toEqual([8, 6]);
    expect(interval).toEqual({ low: 3, high: 13, confidence: confidenceOf(6) });
    // Over three trials, 1.304 ranges on either side.
    const few = difference(over(3, 20, 22), over(9, 10, 10)).interval;
    expect(few?.low).toBeCloseTo(11 - 2.608, 9);
    expect(few?.high).toBeCloseTo(11 + 2.608, 9);
  });

  it("have a difference without an interval where one of them has none", () => {
    const once = { median: 7, trials: 1, interval: null, counted: true };
    expect(difference(over(6, 18, 24), once)).toEqual({
      median: 14,
      trials: 1,
      interval: null,
      counted: false,
    });
  });

  it("of single trials differ only in what is counted", () => {
    const once = (median: number, counted: boolean): Estimate => ({
      median,
      trials: 1,
      interval: null,
      counted,
    });
    expect(differ(once(1, false), once(100, false))).toBe(false);
    expect(differ(once(1, true), once(2, false))).toBe(false);
    expect(differ(once(1, true), once(2, true))).toBe(true);
    expect(differ(once(1, true), once(1, true))).toBe(false);
  });

  it("of what is always the same differ by whatever it is", () => {
    expect(differ(over(2, 4, 4), over(2, 4.01, 4.01))).toBe(true);
    expect(differ(over(2, 4, 4), over(2, 4, 4))).toBe(false);
  });

  const generator = xoroshiro128plus(7);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) *
    Math.cos(2 * Math.PI * uniformFloat64(generator));
  // Over so few trials an interval is the range, and needs no resampling.
  const sample = (trials: number, middle: number, scatter: number): Estimate => {
    const values = upTo(trials).map(() => middle * Math.exp(scatter * normal()));
    const range = over(trials, Math.min(...values), Math.max(...values));
    return { ...range, median: medianOf(values) ?? Number.NaN };
  };
  const shareApart = (trials: number, middle: number, scatters: [number, number]): number => {
    const rounds = upTo(8_000).filter(() =>
      differ(sample(trials, 1, scatters[0]), sample(trials, middle, scatters[1])),
    );
    return rounds.length / 8_000;
  };

  it.each([
    [2, 0.01, 0.035],
    [3, 0.02, 0.05],
    [4, 0.03, 0.06],
    [5, 0.05, 0.075],
  ])("of %d equal trials each seldom seem to differ", (trials, alike, unlike) => {
    expect(shareApart(trials, 1, [0.2, 0.2])).toBeLessThan(alike);
    // Nor where one of them scatters ten times as much.
    expect(shareApart(trials, 1, [0.2, 0.02])).toBeLessThan(unlike);
  });

  it.each([
    [3, 0.5],
    [4, 0.85],
    [5, 0.95],
  ])("of %d trials that scatter by 20 %% tell double the time in %d of cases", (trials, found) => {
    expect(shareApart(trials, 2, [0.2, 0.2])).toBeGreaterThan(found);
  });
});
