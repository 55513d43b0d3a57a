import { describe, expect, it } from "vitest";
import { progressLine } from "./progress-line.ts";
import type { SessionProgress } from "./session.ts";

const limits = { minPairs: 7, maxPairs: 20, confirmingPairs: 10, alpha: 0.01 };

const progress = (given: Partial<SessionProgress>): SessionProgress => ({
  explored: 8,
  confirming: 0,
  invalid: 0,
  metrics: [
    { name: "sse.latency.p50", differences: metric(0.01), ...rest },
    { name: "sse.latency.p90", differences: metric(0.2), ...rest },
  ],
  next: "play",
  suspects: [],
  ...given,
});

const metric = (centre: number): number[] =>
  [-3, -2, -1, 0, 1, 2, 3].map((one) => centre + one / 100);
const rest = { absolute: [], margin: 0.1, minAbsolute: 0 };

describe("the line after a pair", () => {
  it("tells how far things are, and what looks worst", () => {
    expect(progressLine(progress({}), limits)).toBe(
      "pair 8 of at most 20: sse.latency.p90 +22 % (+20 to +25), going on",
    );
  });

  it("tells what is suspected, and counts the pairs that are to confirm it", () => {
    const suspects = ["sse.latency.p90"];
    expect(progressLine(progress({ next: "confirm", suspects }), limits)).toMatch(
      /, suspected: sse\.latency\.p90; fresh pairs are to confirm it$/,
    );
    expect(progressLine(progress({ next: "confirm", suspects, confirming: 3 }), limits)).toMatch(
      /^confirming pair 3 of 10: .*, going on$/,
    );
  });

  it("says nothing of figures where there are none", () => {
    expect(progressLine(progress({ metrics: [], next: "end", invalid: 2 }), limits)).toBe(
      "pair 8 of at most 20, 2 played again: decided",
    );
  });
});
