import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { trendOf } from "./mann-kendall.ts";

describe("the trend of a series", () => {
  it("is not told for fewer than ten values", () => {
    expect(trendOf([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeNull();
  });

  it("is sure and whole for a straight line", () => {
    const trend = trendOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // S = 45, variance = 10 · 9 · 25 / 18 = 125, z = 44 / √125 = 3.935.
    expect(trend?.p).toBeCloseTo(0.000083, 6);
    expect(trend).toMatchObject({ change: 9, median: 5.5 });
    expect(trendOf([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])?.change).toBe(-9);
  });

  it("takes ties into account", () => {
    // Pairs: 25 up, 20 tied. Variance = (10 · 9 · 25 - 2 · 5 · 4 · 15) / 18 = 91.67, z = 24 / 9.574.
    const trend = trendOf([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(trend?.p).toBeCloseTo(0.0122, 4);
    const flat = trendOf(Array.from({ length: 12 }, () => 7));
    expect(flat).toEqual({ p: expect.closeTo(1, 6), change: 0, median: 7 });
  });

  it("is not made by one stall", () => {
    const calm = [5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 6, 5, 7, 6];
    const stalled = calm.map((value, index) => (index > 9 && index < 12 ? 1_000 : value));
    expect(trendOf(stalled)?.p).toBeGreaterThan(0.05);
    expect(Math.abs(trendOf(stalled)?.change ?? 9)).toBeLessThan(2);
  });

  it("is found by chance as often as it says", () => {
    const generator = xoroshiro128plus(11);
    const series = 2_000;
    let found = 0;
    for (let round = 0; round < series; round += 1) {
      const values = Array.from({ length: 30 }, () => uniformFloat64(generator));
      if ((trendOf(values)?.p ?? 1) < 0.05) found += 1;
    }
    // 100 of 2 000 are to be expected, give or take three standard deviations.
    expect(found).toBeGreaterThan(70);
    expect(found).toBeLessThan(130);
  });
});
