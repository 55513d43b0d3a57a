import { describe, expect, it } from "vitest";
import { compare, slowdownOf } from "./comparison.ts";
import type { Slowdown } from "./comparison.ts";

const row = { name: "push", unit: "deliveries", lessIsBetter: false, aim: null };

/** Pairs whose second came to 100. */
const pairs = (...firsts: readonly number[]) => firsts.map((first) => ({ first, second: 100 }));

describe("pairs compared", () => {
  it("come to the ratio within them, whatever the machine did from one to the next", () => {
    const drifting = [100, 50, 200, 25, 400, 80].map((second) => ({ first: 1.2 * second, second }));
    const { ratio, first, second } = compare(row, drifting);
    expect(ratio.estimate).toBeCloseTo(1.2, 12);
    expect(ratio.interval?.low).toBeCloseTo(1.2, 12);
    expect(ratio.interval?.high).toBeCloseTo(1.2, 12);
    expect(second).toBe(90);
    expect(first).toBeCloseTo(108, 12);
  });

  it("have the exact interval of the signed-rank test: of six, from end to end", () => {
    const { ratio } = compare(row, pairs(98, 99, 100, 101, 102, 250));
    expect(ratio.interval?.low).toBeCloseTo(0.98, 12);
    expect(ratio.interval?.high).toBeCloseTo(2.5, 12);
    // The median of the means of two: the one that went wild hardly moves it.
    expect(ratio.estimate).toBeGreaterThan(1);
    expect(ratio.estimate).toBeLessThan(1.02);
  });

  it("have none where fewer than six can't reach 95 %", () => {
    expect(compare(row, pairs(98, 99, 100, 101, 102)).ratio.interval).toBeNull();
  });
});

describe("slower by more than 3 %", () => {
  it.each<[Slowdown, string, readonly number[]]>([
    ["excluded", "a unit costs 2 % more", [98, 98, 98, 98, 98, 98]],
    ["shown", "a unit costs 4 % more", [96, 96, 96, 96, 96, 96]],
    ["open", "the interval goes from one to the other", [96, 97, 98, 99, 100, 101]],
    ["open", "there are too few pairs", [50, 50, 50, 50, 50]],
    ["excluded", "it is faster, however much", [100, 120, 140, 160, 180, 200]],
  ])("is %s where %s", (slowdown, _case, firsts) => {
    expect(slowdownOf(compare(row, pairs(...firsts)))).toBe(slowdown);
  });

  it.each<[Slowdown, readonly number[]]>([
    ["shown", [104, 104, 104, 104, 104, 104]],
    ["excluded", [90, 91, 92, 93, 94, 95]],
  ])("is %s by a time that is to be short", (slowdown, firsts) => {
    expect(slowdownOf(compare({ ...row, lessIsBetter: true }, pairs(...firsts)))).toBe(slowdown);
  });
});
