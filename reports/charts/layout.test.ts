import { describe, expect, it } from "vitest";
import { axisOf } from "./chart.ts";
import type { Chart } from "./chart.ts";
import { layoutOf, legendOf } from "./layout.ts";

function chartOf(colours: readonly number[], kind: Chart["kind"] = "line"): Chart {
  return {
    name: "a",
    scenario: "a",
    title: "",
    caption: "",
    kind,
    along: axisOf("s", "s", "linear"),
    value: axisOf("ms", "ms", "log"),
    series: colours.map((colour, index) => ({
      name: `s${index}`,
      style: { colour, dash: 0, marker: index },
      points: [],
    })),
    notes: [],
  };
}

function begins(chart: Chart): boolean[] {
  return legendOf(chart).map((entry) => entry.begins);
}

describe("a legend", () => {
  it("of many lines has a line of its own for each colour that several share", () => {
    const chart = chartOf([0, 0, 0, 1, 1, 2, 2]);
    const { legend } = layoutOf(chart, { framed: true });
    const lines = new Set(legend.map(({ middle }) => middle));
    expect([...lines].map((line) => legend.filter(({ middle }) => middle === line).length)).toEqual(
      [3, 2, 2],
    );
  });

  it.each([
    ["few", chartOf([0, 0, 1, 1, 2, 2])],
    ["colours of their own", chartOf([0, 1, 2, 3, 4, 5, 6])],
    ["bars", chartOf([0, 0, 0, 1, 1, 2, 2], "bars")],
  ])("of %s goes on in the same line", (_, chart) => {
    expect(begins(chart)).not.toContain(true);
  });
});
