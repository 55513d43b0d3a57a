import { expect, test } from "vitest";
import type { Backoff } from "../../scenarios/scenario.ts";
import { waitMs } from "./backoff.ts";

const backoff = (policy: Backoff["policy"]): Backoff => ({ policy, baseMs: 100, capMs: 1_000 });

function waits(policy: Backoff["policy"], random: () => number, attempts = 6): number[] {
  let beforeMs = 100;
  return Array.from({ length: attempts }, (_, attempt) => {
    beforeMs = waitMs(backoff(policy), attempt, beforeMs, random) ?? Number.NaN;
    return beforeMs;
  });
}

test("a fixed wait is always the base", () => {
  expect(waits("fixed", () => 0.9)).toEqual([100, 100, 100, 100, 100, 100]);
});

test("an exponential wait doubles, up to the cap", () => {
  expect(waits("exponential", () => 0.9)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("who isn't to come back doesn't wait", () => {
  expect(waitMs(backoff("none"), 0, 100, () => 0.5)).toBeNull();
});

test("full jitter is anything between nothing and the exponential wait", () => {
  expect(waits("full-jitter", () => 0)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(waits("full-jitter", () => 0.5)).toEqual([50, 100, 200, 400, 500, 500]);
});

test("decorrelated jitter lies between the base and three times the wait before, up to the cap", () => {
  expect(waits("decorrelated-jitter", () => 0)).toEqual([100, 100, 100, 100, 100, 100]);
  expect(waits("decorrelated-jitter", () => 0.5, 3)).toEqual([200, 350, 575]);
  expect(waits("decorrelated-jitter", () => 0.999, 9).at(-1)).toBe(1_000);
});
