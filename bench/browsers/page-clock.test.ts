import { expect, it } from "vitest";
import { PageClock } from "./page-clock.ts";
import type { ClockExchange } from "./page-clock.ts";

/** A page whose clock is ahead by so much reads it when the question has been under way for `upMs`. */
function exchange(
  atMs: number,
  aheadMs: number,
  [upMs, downMs]: readonly [number, number],
): ClockExchange {
  return {
    sentNs: atMs * 1e6,
    pageMs: atMs + upMs + aheadMs,
    receivedNs: (atMs + upMs + downMs) * 1e6,
  };
}

const ways = [
  [0.3, 0.1],
  [0.1, 0.4],
  [0.2, 0.2],
] as const;

const steady = (aheadMs: number, fromMs = 0): ClockExchange[] =>
  ways.map((way, index) => exchange(fromMs + index, aheadMs, way));

it("tells a reading's time within the narrowest ends of all exchanges", () => {
  const clock = new PageClock(0.005);
  clock.align(steady(3_000));
  // The shortest way up takes 0.1 ms, the shortest down as much.
  expect(clock.boundNs).toBeCloseTo(100_000 + 5_000, 0);
  expect(Math.abs(clock.nsOf(3_500) - 500e6)).toBeLessThanOrEqual(clock.boundNs);
});

it("is right within the bound wherever the page's clock begins, and however unequal both ways are", () => {
  for (const aheadMs of [-3_000, 0, 3_000]) {
    const clock = new PageClock(0.02);
    clock.align([exchange(10, aheadMs, [0.01, 0.9])]);
    expect(Math.abs(clock.nsOf(100 + aheadMs) - 100e6)).toBeLessThanOrEqual(clock.boundNs);
  }
});

it("has in its bound by how much the page's clock has drifted since", () => {
  const clock = new PageClock(0.005);
  clock.align(steady(1_000));
  const { boundNs } = clock;
  clock.check(steady(1_000, 10_000));
  expect(clock.boundNs).toBeCloseTo(boundNs, 0);
  // By 0.5 ms.
  clock.check(steady(1_000.5, 20_000));
  expect(Math.abs(clock.nsOf(21_000.5) - 20_000e6)).toBeLessThanOrEqual(clock.boundNs);
  expect(clock.boundNs).toBeGreaterThan(500_000);
});

it("takes one exchange where the clock was set in between", () => {
  const clock = new PageClock(0.005);
  clock.align([exchange(0, 0, [0.3, 0.3]), exchange(1, 50, [0.1, 0.1])]);
  expect(clock.boundNs).toBeCloseTo(105_000, 0);
});

it("believes the browser where its clock begins, so long as exchanges don't say otherwise", () => {
  const known = new PageClock(0.005, -1_000);
  known.align(steady(1_000));
  known.check(steady(1_000, 10_000));
  expect(known.nsOf(1_000)).toBe(0);
  expect(known.boundNs).toBe(6_000);
  const wrong = new PageClock(0.005, -1_001);
  wrong.align(steady(1_000));
  expect(wrong.boundNs).toBeCloseTo(105_000, 0);
});
