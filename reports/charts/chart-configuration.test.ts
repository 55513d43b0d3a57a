import { createRequire } from "node:module";
import type { Chart as Drawing, ChartConfiguration } from "chart.js";
import { describe, expect, it } from "vitest";
import {
  bars,
  crossings,
  dots,
  empty,
  forty,
  hostile,
  percentiles,
  pointOf,
  sampleCharts,
  stacked,
} from "../../test/charts-fixture.ts";
import type { Chart } from "./chart.ts";
import { chartConfigurationOf } from "./chart-configuration.ts";
import { registerFonts } from "./pictures.ts";
import { layoutOf } from "./layout.ts";
import type { DrawingOptions } from "./layout.ts";
import { dark, light } from "./theme.ts";

const require = createRequire(import.meta.url);
const { GlobalFonts, createCanvas } = createRequire(require.resolve("chartjs-node-canvas"))(
  "canvas",
);
const { Chart: ChartJs }: typeof import("chart.js/auto") = require("chart.js/auto");
registerFonts(GlobalFonts, require);

interface Drawn {
  readonly drawing: Drawing;
  /** Ends of straight lines. */
  readonly ends: readonly { x: number; y: number }[];
  /** Texts that were written, and where. */
  readonly texts: readonly { text: string; left: number; right: number; y: number }[];
}

/** What Chart.js really makes of it, on a canvas that remembers what was written on it. */
function drawn(chart: Chart, options: DrawingOptions = { framed: true }, theme = light): Drawn {
  const canvas = createCanvas(options.width ?? 760, layoutOf(chart, options).height);
  const pen = canvas.getContext("2d");
  const texts: { text: string; left: number; right: number; y: number }[] = [];
  const ends: { x: number; y: number }[] = [];
  const lineTo = pen.lineTo.bind(pen);
  pen.lineTo = (x: number, y: number): void => {
    ends.push({ x, y });
    lineTo(x, y);
  };
  const fillText = pen.fillText.bind(pen);
  pen.fillText = (text: string, x: number, y: number): void => {
    const { width } = pen.measureText(text);
    const { e, f } = pen.getTransform();
    const left =
      pen.textAlign === "right" ? x - width : pen.textAlign === "center" ? x - width / 2 : x;
    texts.push({ text, left: left + e, right: left + width + e, y: y + f });
    fillText(text, x, y);
  };
  const configuration: ChartConfiguration = chartConfigurationOf(chart, theme, options);
  const responsive = { ...configuration.options, responsive: false };
  return { drawing: new ChartJs(pen, { ...configuration, options: responsive }), texts, ends };
}

function labels({ drawing }: Drawn, axis: "x" | "y"): unknown[] {
  return (drawing.scales[axis]?.ticks ?? []).map(({ label }) => label);
}

/** What the tooltip of a point says. */
function tooltip({ drawing }: Drawn, datasetIndex: number, index: number): string[] {
  const at = { x: 0, y: 0 };
  drawing.tooltip?.setActiveElements([{ datasetIndex, index }], at);
  const { title = [], body = [] } = drawing.tooltip ?? {};
  return [...title, ...body.flatMap(({ lines, after }) => lines.concat(after))];
}

describe.each(sampleCharts)("the chart $name", (chart) => {
  it.each([
    { framed: true, width: 760 },
    { framed: false, width: 760 },
    { framed: false, width: 320 },
  ])("writes nothing beyond its edges with %j", (options) => {
    const { texts } = drawn(chart, options);
    for (const { text, left, right, y } of texts) {
      expect(left, text).toBeGreaterThanOrEqual(-1);
      expect(right, text).toBeLessThanOrEqual(options.width + 1);
      expect(y, text).toBeLessThanOrEqual(layoutOf(chart, options).height);
    }
  });

  it("writes no text over another", () => {
    const { texts } = drawn(chart);
    for (const [index, one] of texts.entries()) {
      for (const other of texts.slice(index + 1)) {
        const apart =
          Math.abs(one.y - other.y) > 11 || one.right <= other.left || other.right <= one.left;
        expect(apart, `${one.text} | ${other.text}`).toBe(true);
      }
    }
  });

  it("has room to be read", () => {
    const { top, bottom, left, right } = drawn(chart).drawing.chartArea;
    expect(right - left).toBeGreaterThan(400);
    expect(bottom - top).toBeGreaterThan(Math.max(60, 20 * chart.along.names.length));
  });
});

describe("axes", () => {
  it("name percentiles by what part they are of", () => {
    expect(labels(drawn(percentiles), "x")).toEqual(["0 %", "50 %", "90 %", "99 %", "99.9 %"]);
  });

  it("name round numbers of logarithmic values", () => {
    expect(labels(drawn(percentiles), "y")).toEqual(["1", "3", "10", "30", "100", "300", "1000"]);
    expect(labels(drawn(crossings), "x")).toEqual(["0.1", "0.2", "0.5", "1", "2", "5", "10", "20"]);
  });

  it("begin at zero for bars, and reach the ends of those that are stacked", () => {
    const { min = NaN, max = NaN } = drawn(stacked).drawing.scales["x"] ?? {};
    expect(min).toBe(0);
    const longest = stacked.series.map(({ points }) => points.find(({ at }) => at === 3)?.value);
    const sum = longest.reduce<number>((total, value) => total + (value ?? 0), 0);
    expect(max).toBeGreaterThanOrEqual(sum);
    expect(max).toBeLessThan(sum * 1.3);
  });

  it("reach the ends of intervals", () => {
    const highs = bars.series.flatMap(({ points }) => points.map(({ interval }) => interval?.high));
    const { max = NaN } = drawn(bars).drawing.scales["x"] ?? {};
    expect(max).toBeGreaterThanOrEqual(Math.max(...highs.map((high) => high ?? 0)));
  });

  it("name each of forty rows", () => {
    expect(labels(drawn(forty), "y")).toHaveLength(40);
    expect(labels(drawn(forty), "y")[3]).toEqual([
      "sse+h2+tls:eventsource@3s",
      "+option-with-a-long-name",
    ]);
  });

  it("have no numbers where nothing is drawn", () => {
    expect(labels(drawn(empty), "y")).toEqual([]);
  });

  it("follow what is shown when a series is switched off", () => {
    const { drawing } = drawn(percentiles);
    expect(drawing.scales["y"]?.max).toBeGreaterThan(900);
    drawing.setDatasetVisibility(3, false);
    drawing.update();
    expect(drawing.scales["y"]?.max).toBeLessThan(50);
  });
});

describe("texts", () => {
  const written = (chart: Chart, options: DrawingOptions): string =>
    drawn(chart, options)
      .texts.map(({ text }) => text)
      .join(" ");

  it("are part of a framed chart, and beside one in a page", () => {
    const framed = written(percentiles, { framed: true });
    for (const text of [percentiles.title, percentiles.caption, ...percentiles.notes]) {
      expect(framed).toContain(text);
    }
    const bare = written(percentiles, { framed: false });
    expect(bare).toContain(percentiles.value.title);
    expect(bare).toContain(percentiles.along.title);
    expect(bare).not.toContain(percentiles.title);
  });

  it("name series where there are several", () => {
    expect(written(percentiles, { framed: true })).toContain("websocket sse long-polling");
    expect(written(bars, { framed: true })).not.toContain("server websocket");
  });

  it("tell all marks", () => {
    const all = written(crossings, { framed: false });
    for (const { text } of crossings.marks ?? []) expect(all).toContain(text);
  });

  it("hold no sign that turns others round", () => {
    expect(written(hostile, { framed: true })).not.toMatch(/[\p{Cc}\u202E\u2028]/u);
  });
});

describe("tooltips", () => {
  it("tell what a point is of, its value with unit, and its detail", () => {
    const place = percentiles.series[0]?.points.findIndex(({ at }) => at >= 100) ?? 0;
    expect(tooltip(drawn(percentiles), 0, place)).toEqual([
      "99 %",
      expect.stringMatching(/^websocket: [\d.]+ ms$/),
      "3 trials, 7 500 deliveries",
    ]);
  });

  it("name the row, and have a line for each of the detail", () => {
    expect(tooltip(drawn(dots), 1, 2)).toEqual([
      "long-polling",
      "p90: 4.56 ms",
      "long-polling",
      "6 trials",
    ]);
  });

  it("find the point of a bar whose series doesn't have all rows", () => {
    const [series] = stacked.series;
    if (series === undefined) throw new Error("the chart has series");
    const points = [pointOf(4, 7), pointOf(1, 9)];
    const chart = { ...stacked, series: [{ ...series, points }] };
    expect(tooltip(drawn(chart), 0, 1)).toEqual(["sse", "payload: 9 bytes"]);
    expect(tooltip(drawn(chart), 0, 4)).toEqual(["tcp", "payload: 7 bytes"]);
  });
});

describe("intervals", () => {
  it.each([bars, dots])("of rows reach from end to end: $name", (chart) => {
    const { drawing, ends } = drawn(chart);
    const element = drawing.getDatasetMeta(0).data[1];
    const { low, high } = chart.series[0]?.points[1]?.interval ?? { low: NaN, high: NaN };
    for (const end of [low, high]) {
      const x = drawing.scales["x"]?.getPixelForValue(end) ?? NaN;
      expect(ends).toContainEqual({ x, y: (element?.y ?? NaN) + 4 });
    }
  });

  it("of lines stand upright beside each other", () => {
    const { drawing, ends } = drawn(crossings);
    const interval = crossings.series[2]?.points[1]?.interval ?? { low: NaN, high: NaN };
    const x = drawing.getDatasetMeta(2).data[1]?.x ?? NaN;
    for (const end of [interval.low, interval.high]) {
      expect(ends).toContainEqual({ x: x + 4, y: drawing.scales["y"]?.getPixelForValue(end) });
    }
  });
});

it("leaves a gap in a line where nothing was measured", () => {
  const points = [0, 1, 2, 7, 8].map((at) => pointOf(at, 5));
  const [series] = percentiles.series;
  if (series === undefined) throw new Error("the chart has series");
  const along = { ...percentiles.along, scale: "linear" as const };
  const gaps = (gapsBeyond: number): boolean[] => {
    const chart = { ...percentiles, along, series: [{ ...series, points, gapsBeyond }] };
    const { drawing } = drawn(chart);
    return drawing.getDatasetMeta(0).data.map((point) => "stop" in point && point.stop === true);
  };
  expect(gaps(3)).toEqual([false, false, false, true, false]);
  expect(gaps(6)).toEqual([false, false, false, false, false]);
});

it("places bars and dots of the same row alike", () => {
  const rows = (chart: Chart): number[] =>
    drawn(chart, { framed: false })
      .drawing.getDatasetMeta(0)
      .data.map(({ y }) => Math.round(y));
  expect(rows(bars)).toHaveLength(5);
  expect(rows(dots).every((y, row, all) => row === 0 || y > (all[row - 1] ?? 0))).toBe(true);
});

it("fills the dark theme's colours in", () => {
  const [first] = drawn(percentiles, { framed: false }, dark).drawing.data.datasets;
  expect(first?.borderColor).toBe(dark.colours[0]);
});
