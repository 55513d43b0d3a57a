import type { Chart as Drawing, Plugin } from "chart.js";
import type { Chart, Style } from "./chart.ts";
import { pointOf } from "./datasets.ts";
import type { Corner } from "./marker.ts";
import { stroke } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { colourOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** Between the whiskers of two lines that have a point in the same place, in pixels. */
const apart = 3;
/** Of a stretch on a lane. */
const laneWidth = 6;
/** To either side of a whisker. */
const cap = 4;

/** Draws a whisker over the interval of each point that has one, along the value axis. */
export function intervals(chart: Chart, theme: Theme): Plugin {
  const bars = chart.kind === "bars";
  const draw = (drawing: Drawing): void => {
    const pen: Pen = drawing.ctx;
    pen.save();
    const width = chart.kind === "lanes" ? laneWidth : 1.5;
    for (const { lines, style } of chart.series.flatMap((_, index) =>
      whiskersOf(chart, drawing, index),
    )) {
      // On a bar it has a seam, to be seen.
      if (bars) stroke(pen, lines, theme.background, 3.5);
      stroke(pen, lines, bars ? theme.ink : colourOf(theme, style), width);
    }
    pen.restore();
  };
  // On top of bars, but below dots.
  return { id: "intervals", [bars ? "afterDatasetsDraw" : "beforeDatasetsDraw"]: draw };
}

interface Whisker {
  readonly lines: readonly (readonly Corner[])[];
  readonly style: Style;
}

function whiskersOf(chart: Chart, drawing: Drawing, index: number): Whisker[] {
  const { kind, series } = chart;
  const upwards = kind === "line";
  const scale = drawing.scales[upwards ? "y" : "x"];
  const [own] = series.slice(index);
  if (scale === undefined || own === undefined || !drawing.isDatasetVisible(index)) return [];
  const aside = upwards ? (index - (series.length - 1) / 2) * apart : 0;
  return drawing.getDatasetMeta(index).data.flatMap(({ x, y }, place) => {
    const point = pointOf(chart, index, place);
    if (point?.interval == null) return [];
    // A stacked bar's end lies further on than its own value.
    const shift = (upwards ? y : x) - scale.getPixelForValue(point.value);
    const low = scale.getPixelForValue(point.interval.low) + shift;
    const high = scale.getPixelForValue(point.interval.high) + shift;
    if (kind === "lanes") {
      // However short, it is seen.
      const line: Corner[] = [
        [Math.min(low, high - 1), y],
        [high, y],
      ];
      return [{ lines: [line], style: own.style }];
    }
    if (Math.abs(high - low) < 1) return [];
    const at = (along: number, across: number): Corner =>
      upwards ? [x + aside + across, along] : [along, y + across];
    const end = (along: number): Corner[] => [at(along, -cap), at(along, cap)];
    const lines = [[at(low, 0), at(high, 0)], end(low), end(high)];
    return [{ lines, style: point.style ?? own.style }];
  });
}
