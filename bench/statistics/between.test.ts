import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { medianOf } from "./basics.ts";
import { between, differ } from "./between.ts";
import { confidenceOf, estimate } from "./estimate.ts";
import type { Estimate } from "./estimate.ts";

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

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

describe("what lies between two estimates", () => {
  const over = (trials: number, low: number, median: number, high: number): Estimate => ({
    median,
    trials,
    interval: { low, high, confidence: confidenceOf(trials) },
    counted: false,
  });

  it("is a ratio and a difference, each with its interval", () => {
    const found = between(over(6, 18, 20, 24), over(6, 9, 10, 11));
    expect(found?.ratio?.value).toBe(2);
    expect(found?.ratio?.low).toBeCloseTo(
      2 / Math.exp(Math.hypot(Math.log(20 / 18), Math.log(1.1))),
    );
    expect(found?.ratio?.high).toBeCloseTo(
      2 * Math.exp(Math.hypot(Math.log(24 / 20), Math.log(10 / 9))),
    );
    expect(found?.difference.value).toBe(10);
    expect(found?.difference.low).toBeCloseTo(10 - Math.hypot(2, 1));
    expect(found?.difference.high).toBeCloseTo(10 + Math.hypot(4, 1));
    expect(found?.apart).toBe(true);
  });

  it("is the inverse ratio and the opposite difference from the other side", () => {
    const [one, other] = [over(6, 18, 20, 24), over(4, 9, 10, 11)];
    const [there, back] = [between(one, other), between(other, one)];
    expect(back?.ratio?.low).toBeCloseTo(1 / (there?.ratio?.high ?? 0));
    expect(back?.difference.low).toBeCloseTo(-(there?.difference.high ?? 0));
  });

  it("is no ratio where either may be nothing", () => {
    expect(between(over(6, 0, 1, 2), over(6, 9, 10, 11))).toMatchObject({
      ratio: null,
      apart: true,
    });
    expect(between(over(6, 0, 0, 0), over(6, 0, 0, 0))).toMatchObject({
      ratio: null,
      apart: false,
    });
  });

  it("has no width where neither varies", () => {
    const ratio = { value: 2, low: 2, high: 2 };
    const found = between(over(3, 8, 8, 8), over(3, 4, 4, 4))?.ratio;
    expect(found?.low).toBeCloseTo(ratio.low, 12);
    expect(found?.high).toBeCloseTo(ratio.high, 12);
    expect(between(over(3, 8, 8, 8), over(3, 8, 8, 8))?.ratio).toEqual({
      value: 1,
      low: 1,
      high: 1,
    });
  });

  it("is unknown of a single trial that isn't counted", () => {
    const once = { median: 5, trials: 1, interval: null, counted: false };
    expect(between(once, over(6, 9, 10, 11))).toBeNull();
    expect(between({ ...once, counted: true }, over(6, 9, 10, 11))?.ratio?.value).toBe(0.5);
  });

  const generator = xoroshiro128plus(11);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) *
    Math.cos(2 * Math.PI * uniformFloat64(generator));

  // Over fewer, the tests above say how often equal ones seem to differ.
  it.each([6, 10])("over %d trials each holds the true ratio as often as stated", (trials) => {
    const drawn = (middle: number): Estimate => {
      const values = upTo(trials).map(() => middle * Math.exp(0.2 * normal()));
      const found = estimate(values);
      if (found === null) throw new Error("nothing was drawn");
      return found;
    };
    const held = upTo(400).filter(() => {
      const ratio = between(drawn(2), drawn(1))?.ratio;
      return ratio != null && ratio.low <= 2 && 2 <= ratio.high;
    });
    expect(held.length / 400).toBeGreaterThan(0.93);
  });
});
