import { describe, expect, it } from "vitest";
import { rangeOf } from "./ticks.ts";
import type { Range, RangeOptions } from "./ticks.ts";

/** The range where there is room for so many names. */
function range(values: readonly number[], most: number, more: Partial<RangeOptions> = {}): Range {
  const fits = (ticks: readonly number[]): boolean => ticks.length <= most;
  return rangeOf(values, { scale: "linear", round: true, zero: false, fits, ...more });
}

describe("a linear axis", () => {
  it("ends at round numbers", () => {
    expect(range([3, 47], 6)).toEqual({ min: 0, max: 50, ticks: [0, 10, 20, 30, 40, 50] });
    expect(range([0.1, 0.3], 6)).toEqual({ min: 0, max: 0.3, ticks: [0, 0.1, 0.2, 0.3] });
  });

  it("names fewer where there is less room", () => {
    expect(range([3, 47], 3)).toEqual({ min: 0, max: 50, ticks: [0, 50] });
  });

  it("begins at zero when it has to, or when values come near it", () => {
    expect(range([1_000, 1_010], 6).min).toBe(1_000);
    expect(range([1_000, 1_010], 6, { zero: true })).toMatchObject({ min: 0, max: 1_500 });
    expect(range([3, 10], 6).min).toBe(0);
  });

  it("holds what lies below zero", () => {
    expect(range([-3, 8], 6)).toEqual({ min: -5, max: 10, ticks: [-5, 0, 5, 10] });
  });

  it("has a length for a single value", () => {
    expect(range([5], 6)).toMatchObject({ min: 0, max: 5 });
    expect(range([0, 0], 6)).toMatchObject({ min: 0, max: 1 });
  });

  it("may end where its values do", () => {
    const { min, max, ticks } = range([0, 12.34], 8, { round: false });
    expect({ min, max }).toEqual({ min: 0, max: 12.34 });
    expect(ticks).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });
});

describe("a logarithmic axis", () => {
  const scale = "log";

  it("names 1, 2 and 5, or 1 and 3, or decades, as room allows", () => {
    const ticks = (most: number): readonly number[] => range([1.2, 900], most, { scale }).ticks;
    expect(ticks(12)).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
    expect(ticks(8)).toEqual([1, 3, 10, 30, 100, 300, 1_000]);
    expect(ticks(5)).toEqual([1, 10, 100, 1_000]);
    expect(ticks(3)).toEqual([1, 100]);
  });

  it("names more than its ends where values lie close together", () => {
    expect(range([0.11, 0.13], 5, { scale }).ticks).toEqual([0.1, 0.15, 0.2]);
  });

  it("has no place for what isn't above zero", () => {
    expect(range([0, -1, 3, 7], 5, { scale }).min).toBe(2);
  });

  it("has a length for a single value", () => {
    expect(range([5], 5, { scale })).toEqual({ min: 2, max: 10, ticks: [2, 5, 10] });
  });
});

describe("an axis of percentiles", () => {
  const axis = { scale: "percentile", round: false } as const;

  it("names the half, and then nines", () => {
    expect(range([1, 10_000], 9, axis).ticks).toEqual([1, 2, 10, 100, 1_000, 10_000]);
    expect(range([2, 1_000], 3, axis).ticks).toEqual([10, 100, 1_000]);
    expect(range([1, 1e6], 4, axis).ticks).toEqual([10, 1_000, 100_000]);
  });
});

it("has no numbers where there are no values", () => {
  for (const scale of ["linear", "log", "percentile"] as const) {
    expect(range([], 9, { scale }).ticks).toEqual([]);
  }
});
