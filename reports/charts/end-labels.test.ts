import { describe, expect, it } from "vitest";
import { crossings, bars } from "../../test/charts-fixture.ts";
import { endRoom, spread } from "./end-labels.ts";

const range = { from: 0, to: 100 };

describe("names beside the ends of lines", () => {
  it("stand where the lines end, if these are far enough apart", () => {
    expect(spread([10, 40, 80], 15, range)).toEqual([10, 40, 80]);
  });

  it("move apart around the places that they would share", () => {
    expect(spread([50, 50], 10, range)).toEqual([45, 55]);
    expect(spread([20, 50, 51, 52, 90], 10, range)).toEqual([20, 41, 51, 61, 90]);
  });

  it("stay within the plot, and in order", () => {
    expect(spread([0, 0, 1], 10, range)).toEqual([5, 15, 25]);
    expect(spread([99, 100, 100], 10, range)).toEqual([75, 85, 95]);
  });

  it("have room where lines are told apart, unless the chart is narrow", () => {
    expect(endRoom(crossings, 760)).toBeGreaterThan(80);
    expect(endRoom(crossings, 360)).toBe(0);
    expect(endRoom({ ...crossings, series: crossings.series.slice(0, 1) }, 760)).toBe(0);
    expect(endRoom(bars, 760)).toBe(0);
  });
});
