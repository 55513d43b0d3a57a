import { describe, expect, it } from "vitest";
import { marginText } from "./quantity.ts";

describe("what is tolerated", () => {
  it.each([
    ["an amount, where that is the larger", "bytes", 1_024, 0.1, 6_000, "1024 B"],
    ["a share, where that is", "bytes", 1_024, 0.1, 60_000, "10 %"],
    ["an amount of time, of what is short", "ns", 100_000, 0.1, 361_000, "100 µs"],
    ["a share of what takes long", "ns", 100_000, 0.15, 1_900_000, "15 %"],
    ["an amount, where nothing was before", "count", 2, 0.25, 0, "2"],
    ["nothing, where no change is", "count", 0, 0, 7, "nothing"],
    ["less than a unit", "bytes", 0.5, 0, 4, "0.5 B"],
  ] as const)("is %s", (_, unit, absolute, relative, level, text) => {
    expect(marginText({ unit, margin: { absolute, relative } }, level)).toBe(text);
  });
});
