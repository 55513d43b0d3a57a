import { describe, expect, it } from "vitest";
import { threadTimeDiff, threadTimeIn } from "./thread-time.ts";

describe("what the scheduler has counted of a thread", () => {
  it("is its time on processors and its time in their queues", () => {
    expect(threadTimeIn("312086 5891 2\n")).toEqual({ cpuNs: 312_086, waitedNs: 5_891 });
  });

  it("is unknown where the kernel doesn't count, or tells nothing", () => {
    expect(threadTimeIn("0 0 0\n")).toBeNull();
    expect(threadTimeIn("")).toBeNull();
  });

  it("is a difference between two readings, where both are known", () => {
    const before = { cpuNs: 10, waitedNs: 1 };
    expect(threadTimeDiff(before, { cpuNs: 15, waitedNs: 4 })).toEqual({
      cpuNs: 5,
      waitedNs: 3,
    });
    expect(threadTimeDiff(null, before)).toBeNull();
  });
});
