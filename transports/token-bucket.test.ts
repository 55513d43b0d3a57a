import { expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

it("lets as many through at once as in a second, and not one more", () => {
  const bucket = new TokenBucket(3, 0);
  expect([1, 1, 1, 1].map((times) => bucket.take(times, 0))).toEqual([true, true, true, false]);
});

it("lets the average through from then on", () => {
  const bucket = new TokenBucket(4, 0);
  expect(bucket.take(4, 0)).toBe(true);
  expect(bucket.take(1, 249)).toBe(false);
  expect(bucket.take(1, 250)).toBe(true);
  expect(bucket.take(2, 500)).toBe(false);
  expect(bucket.take(2, 750)).toBe(true);
});

it("saves no more than a second's", () => {
  const bucket = new TokenBucket(2, 0);
  expect(bucket.take(3, 60_000)).toBe(false);
  expect(bucket.take(2, 60_000)).toBe(true);
});
