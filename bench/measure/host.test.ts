import { describe, expect, it } from "vitest";
import { stealShare, ticksIn } from "./host.ts";

describe("stolen processor time", () => {
  it("is the eighth column of all processors' times, and guests are not counted twice", () => {
    const times =
      "cpu  100 20 30 400 5 6 7 32 90 10\ncpu0 50 10 15 200 2 3 3 16 45 5\nintr 1 2 3\n";
    expect(ticksIn(times)).toEqual({ total: 600, steal: 32 });
  });

  it("is unknown where the kernel doesn't tell", () => {
    expect(ticksIn("")).toBeNull();
    expect(ticksIn("cpu  100 20 30 400\n")).toBeNull();
    expect(stealShare(null, { total: 10, steal: 1 })).toBeNull();
  });

  it("is a share of the time that passed between two readings", () => {
    const from = { total: 1_000, steal: 50 };
    expect(stealShare(from, { total: 1_200, steal: 53 })).toBeCloseTo(0.015);
    expect(stealShare(from, from)).toBeNull();
    // Some hypervisors let it run backwards for a moment.
    expect(stealShare(from, { total: 1_200, steal: 49 })).toBe(0);
  });
});
