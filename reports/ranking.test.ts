import { describe, expect, it } from "vitest";
import { estimate } from "../bench/statistics/estimate.ts";
import { bestOf, ratioOf } from "./ranking.ts";
import type { Ranked } from "./ranking.ts";

function having(values: readonly number[], more: { counted?: true; atLeast?: true } = {}): Ranked {
  const found = estimate(values, 0, more.counted);
  if (found === null) throw new Error("needs values");
  return { estimate: found, atLeast: more.atLeast ?? false };
}

const counted = { counted: true } as const;

describe("the best of several", () => {
  it.each<[string, Ranked[], number | null]>([
    ["the lowest median over trials", [having([3, 3]), having([1, 2])], 1],
    ["none of single trials of a timing", [having([3]), having([1])], null],
    ["the lowest single count", [having([3], counted), having([1], counted)], 1],
    [
      "none where a single trial of a timing seems better",
      [having([1]), having([2, 3]), having([4, 5])],
      null,
    ],
    ["one that a single trial seems worse than", [having([9]), having([2, 3]), having([4, 5])], 1],
    ["none that is alone but for single trials", [having([9]), having([2, 3])], null],
    [
      "none where one is at least so much",
      [having([1, 2]), having([3, 4], { atLeast: true })],
      null,
    ],
    ["none of nothing", [], null],
  ])("is %s", (_name, all, place) => {
    expect(bestOf(all, "lower")).toBe(place === null ? null : all[place]);
  });

  it("is the highest where more is better, and none where neither is", () => {
    const all = [having([1, 1]), having([2, 2])];
    expect(bestOf(all, "higher")).toBe(all[1]);
    expect(bestOf(all, "neither")).toBeNull();
  });
});

describe("a ratio", () => {
  const ratio = (a: number[], b: number[]): number | null =>
    ratioOf(having(a).estimate, having(b).estimate);

  it("is that of the medians", () => {
    expect(ratio([4, 5, 6], [2, 2, 2])).toBe(2.5);
  });

  it.each([
    [[15], [-17.5]],
    [[-15], [-17.5]],
    [[0], [4]],
    [[4], [0]],
    [
      [-1, 2, 5],
      [4, 4, 4],
    ],
  ])("has no sense of %j to %j", (a, b) => {
    expect(ratio(a, b)).toBeNull();
  });
});
