import { describe, expect, it } from "vitest";
import { Lateness } from "./lateness.ts";

function latenessOf(delaysMs: readonly number[]): Lateness {
  const lateness = new Lateness();
  for (const ms of delaysMs) lateness.record(ms);
  return lateness;
}

describe("lateness", () => {
  it("has every percentile to a hundredth, and the maximum exactly", () => {
    // From 10 µs to a second, in no order.
    const delays = Array.from(
      { length: 5_000 },
      (_, at) => 0.01 * 1e5 ** (((at * 7_919) % 5_000) / 5_000),
    );
    const sorted = delays.toSorted((a, b) => a - b);
    const lateness = latenessOf(delays);
    for (const q of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
      expect(lateness.percentileMs(q) / exact).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(lateness.percentileMs(q) / exact).toBeLessThan(1.0101);
    }
    expect(lateness.percentileMs(1)).toBe(sorted.at(-1));
  });

  it("is 0 of nothing, and again after a reset", () => {
    const lateness = latenessOf([]);
    expect(lateness.percentileMs(0.99)).toBe(0);
    lateness.record(5);
    lateness.reset();
    expect([lateness.percentileMs(0.5), lateness.percentileMs(1)]).toEqual([0, 0]);
  });

  it("takes what is on time for on time, and a day for a day", () => {
    const lateness = latenessOf([0, 0, 0, 86_400_000]);
    expect(lateness.percentileMs(0.75)).toBe(0.001);
    expect(lateness.percentileMs(1)).toBe(86_400_000);
  });
});
