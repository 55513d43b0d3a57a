import { describe, expect, it } from "vitest";
import { isMissing, procFiles } from "../../test/requirements.ts";
import { processorMs, stealShare, ticksIn } from "./host.ts";

describe("stolen processor time", () => {
  it("is the eighth column of all processors' times, and guests are not counted twice", () => {
    const times =
      "cpu  100 20 30 400 5 6 7 32 90 10\ncpu0 50 10 15 200 2 3 3 16 45 5\nintr 1 2 3\n";
    expect(ticksIn(times)).toEqual({ total: 600, processes: 150, steal: 32 });
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

describe.skipIf(isMissing(procFiles))("the processor time of all processes", () => {
  it("is what was added to the ticks in which they ran", () => {
    const from = { total: 1_000, processes: 500, steal: 0 };
    // A hundred ticks a second, wherever Linux runs today.
    expect(processorMs(from, { ...from, processes: 507 })).toBe(70);
    expect(processorMs(null, from)).toBeNull();
  });
});
