import { describe, expect, it } from "vitest";
import { columnFormat } from "../bench/text/format.ts";
import { estimate } from "../bench/statistics/estimate.ts";
import type { Comparable } from "./relative.ts";
import { differenceText, ratioText, relativeTo } from "./relative.ts";

const bytes = columnFormat("bytes", [100]);

function cell(
  values: readonly number[],
  bound: Partial<Comparable> = {},
  counted = false,
): Comparable {
  return { estimate: estimate(values, 0, counted), atLeast: false, isRange: false, ...bound };
}

function texts(
  values: readonly number[],
  base: readonly number[],
  counted = false,
): string[] | null {
  const relative = relativeTo(cell(base, {}, counted), cell(values, {}, counted), bytes);
  return relative && [differenceText(relative, bytes), ...ratioText(relative, bytes)];
}

describe("a figure beside that of its base", () => {
  it.each([
    ["adds", [26, 26, 26], [4, 4, 4], ["+22.0", "6.50×", "±0"]],
    ["takes", [100, 100], [300, 300], ["−200", "0.333×", "±0"]],
    ["is the same", [4, 4, 4], [4, 4, 4], ["=", "="]],
    ["is not told apart", [10, 11, 12], [10, 11, 13], ["n.s.", "1.00×", "0.659–1.52"]],
    ["has no ratio to nothing", [5, 5], [0, 0], ["+5.00", "+5.00", "±0"]],
    ["is nothing, as its base", [0, 0], [0, 0], ["=", "="]],
    ["differs by less than is shown", [52_124, 52_124], [52_124.002, 52_124.002], ["=", "="]],
    ["hardly differs from nothing", [0.002, 0.002], [0, 0], ["+0.00200", "+0.00200", "±0"]],
    ["adds what its base shows", [4.05, 4.05], [4, 4], ["+0.05", "1.01×", "±0"]],
    ["adds tens to thousands", [1_834, 1_834], [1_811, 1_811], ["+20", "1.01×", "±0"]],
    ["varies by less than is shown", [300, 300.1, 300.2], [300, 300.1, 300.1], ["=", "="]],
  ] as const)("%s", (_, values, base, shown) => {
    expect(texts(values, base)).toEqual(shown);
  });

  it("may be told by a single trial only where it is counted", () => {
    expect(texts([26], [4])).toBeNull();
    expect(texts([26], [4], true)).toEqual(["+22.0", "6.50×", "±0"]);
  });

  it("says nothing where either is a bound, or missing", () => {
    expect(relativeTo(cell([1, 1], { atLeast: true }), cell([2, 2]), bytes)).toBeNull();
    expect(relativeTo(cell([1, 1]), cell([2, 2], { isRange: true }), bytes)).toBeNull();
    expect(relativeTo(cell([]), cell([2, 2]), bytes)).toBeNull();
    expect(relativeTo(undefined, cell([2, 2]), bytes)).toBeNull();
  });
});
