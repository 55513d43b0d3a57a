import { describe, expect, it } from "vitest";
import { cutRanges, freeNumbers, spreadEvenly } from "./spread.ts";

describe("clients over load processes", () => {
  it.each<[string, number[], number, number[], number[]]>([
    ["come evenly", [0, 0, 0], 9, [], [3, 3, 3]],
    ["come one more to the first where they don't divide", [0, 0, 0], 8, [], [3, 3, 2]],
    ["come first to whom has least", [10, 4, 0], 16, [], [10, 4, 2]],
    ["come to all once they are even", [10, 4, 0], 33, [], [11, 11, 11]],
    ["come no more than a process can hold", [0, 0, 0], 30, [4, 100, 100], [4, 13, 13]],
    ["leave some outside where none can hold more", [2, 2], 100, [4, 5], [4, 5]],
    ["go first from whom has most", [10, 4, 2], 14, [], [8, 4, 2]],
    ["go evenly", [5, 5, 5], 7, [], [3, 2, 2]],
    ["all go", [5, 4], 0, [], [0, 0]],
    ["stay where nothing is asked", [5, 1], 6, [], [5, 1]],
    ["are in one process where there is one", [20], 50, [], [50]],
  ])("%s", (_says, present, total, most, expected) => {
    expect(spreadEvenly(present, total, most)).toEqual(expected);
  });

  it("never move from one to another", () => {
    for (let total = 0; total < 60; total += 1) {
      const present = [13, 0, 7, 22];
      const spread = spreadEvenly(present, total);
      expect(spread.reduce((sum, count) => sum + count)).toBe(total);
      const grows = total > 42;
      for (const [index, count] of spread.entries()) {
        if (grows) expect(count).toBeGreaterThanOrEqual(present[index] ?? 0);
        else expect(count).toBeLessThanOrEqual(present[index] ?? 0);
      }
    }
  });
});

describe("numbers of clients", () => {
  it("are the lowest that nobody has", () => {
    expect(freeNumbers(new Set(), 5)).toEqual([{ first: 0, count: 5 }]);
    expect(freeNumbers(new Set([0, 1, 4]), 5)).toEqual([
      { first: 2, count: 2 },
      { first: 5, count: 3 },
    ]);
    expect(freeNumbers(new Set([0]), 0)).toEqual([]);
  });

  it("are given to processes in consecutive lots", () => {
    const ranges = [
      { first: 2, count: 2 },
      { first: 5, count: 4 },
    ];
    expect(cutRanges(ranges, [3, 0, 3])).toEqual([
      [
        { first: 2, count: 2 },
        { first: 5, count: 1 },
      ],
      [],
      [{ first: 6, count: 3 }],
    ]);
  });
});
