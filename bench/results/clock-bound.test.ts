import { expect, it } from "vitest";
import { clockBoundOf, isBeyondClocks, medianClockBound } from "./clock-bound.ts";

it("takes each time by itself: a long one can stand where a short one can't", () => {
  const boundNs = 30_000;
  expect(isBeyondClocks(0.1e6, boundNs)).toBe(true);
  expect(isBeyondClocks(50e6, boundNs)).toBe(false);
  expect(isBeyondClocks(300_000, boundNs)).toBe(false);
  expect(isBeyondClocks(299_999, boundNs)).toBe(true);
  expect(isBeyondClocks(0, 0)).toBe(false);
});

it("has the bound in the unit of the figure", () => {
  expect(clockBoundOf({ unit: "ns", clockBoundNs: 20_000 })).toBe(20_000);
  expect(clockBoundOf({ unit: "ms", clockBoundNs: 20_000 })).toBe(0.02);
  expect(clockBoundOf({ unit: "ns" })).toBeNull();
});

it("bounds a median by what all its times may be off by, so that one bad one counts for little", () => {
  const bounded = (value: number, clockBound: number | null) => ({ value, clockBound });
  expect(medianClockBound([bounded(10, 3)])).toBe(3);
  expect(medianClockBound([bounded(10, 1), bounded(11, 1), bounded(12, 1)])).toBe(1);
  expect(medianClockBound([bounded(10, 1), bounded(11, 50), bounded(12, 1)])).toBe(2);
  expect(medianClockBound([bounded(10, null), bounded(11, null)])).toBeNull();
  expect(medianClockBound([])).toBeNull();
});
