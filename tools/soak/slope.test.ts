import { expect, it } from "vitest";
import { slopeOf } from "./slope.ts";

const hours = Array.from({ length: 12 }, (_, place) => place / 2);

it("is exact for a straight line", () => {
  const slope = slopeOf(
    hours,
    hours.map((hour) => 7 + 3 * hour),
  );
  expect(slope).toEqual({ estimate: 3, low: 3, high: 3 });
});

it("isn't moved by a spike, however high", () => {
  const spiked = hours.map((hour, place) => (place === 5 ? 1e9 : 3 * hour));
  expect(slopeOf(hours, spiked)?.estimate).toBeCloseTo(3, 10);
});

it("takes the interval's ends from the slopes between all two values, by Kendall's variance", () => {
  // 66 slopes; 1.96 times the root of 12 * 11 * 29 / 18 is 28.58: the 18th and the 49th of them.
  const values = [3, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 5.8, 9.7, 9.3];
  const slopes = values
    .flatMap((later, place) =>
      values.slice(0, place).map((earlier, before) => (later - earlier) / (place - before)),
    )
    .toSorted((a, b) => a - b);
  const slope = slopeOf([...values.keys()], values);
  expect(slopes).toHaveLength(66);
  expect(slope).toEqual({
    estimate: ((slopes[32] ?? 0) + (slopes[33] ?? 0)) / 2,
    low: slopes[17],
    high: slopes[48],
  });
});

it("knows nothing of fewer than ten values", () => {
  expect(slopeOf(hours.slice(0, 9), hours.slice(0, 9))).toBeNull();
});
