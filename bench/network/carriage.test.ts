import { describe, expect, test } from "vitest";
import { ArrivalTimes, asItComes, isDirect } from "./carriage.ts";

describe("arrival times", () => {
  test("add the delay to when a piece is handed over", () => {
    const times = new ArrivalTimes(() => 0.5);
    expect(times.arrivalMs(100, 1_000, { ...asItComes, delayMs: 25 })).toBe(1_025);
  });

  test("are those of a link that sends one piece after the other at its rate", () => {
    const times = new ArrivalTimes(() => 0.5);
    const carriage = { ...asItComes, delayMs: 10, bytesPerSecond: 1_000 };
    expect(times.arrivalMs(100, 0, carriage)).toBe(110);
    expect(times.arrivalMs(100, 50, carriage)).toBe(210);
    expect(times.arrivalMs(100, 500, carriage)).toBe(610);
  });

  test("vary by the jitter to either side, and never below no delay at all", () => {
    const arrival = (random: number, delayMs: number): number =>
      new ArrivalTimes(() => random).arrivalMs(1, 0, { ...asItComes, delayMs, jitterMs: 8 });
    expect([arrival(0, 20), arrival(0.5, 20), arrival(0.75, 20)]).toEqual([12, 20, 24]);
    expect(arrival(0, 5)).toBe(0);
  });

  test("never let a piece overtake the one before", () => {
    const draws = [1, 0];
    const times = new ArrivalTimes(() => draws.shift() ?? 0);
    const carriage = { ...asItComes, delayMs: 20, jitterMs: 10 };
    expect(times.arrivalMs(1, 0, carriage)).toBe(30);
    expect(times.arrivalMs(1, 1, carriage)).toBe(30);
  });

  test("don't fall behind those of a longer delay that was asked for before", () => {
    const times = new ArrivalTimes(() => 0.5);
    times.arrivalMs(1, 0, { ...asItComes, delayMs: 100 });
    expect(times.arrivalMs(1, 10, asItComes)).toBe(100);
  });
});

test("a piece is passed on at once where there is neither delay, jitter nor limit, nor a stall", () => {
  expect(isDirect(asItComes)).toBe(true);
  for (const change of [
    { delayMs: 1 },
    { jitterMs: 1 },
    { bytesPerSecond: 1 },
    { isStalled: true },
  ]) {
    expect(isDirect({ ...asItComes, ...change })).toBe(false);
  }
});
