import type { Chart as Drawing, Plugin } from "chart.js";
import type { Chart } from "./chart.ts";
import { pointOf } from "./datasets.ts";
import type { Pen } from "./pen.ts";
import { colourOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** Draws a whisker over the interval of each point that has one, along the value axis. */
export function intervals(chart: Chart, theme: Theme): Plugin {
  const draw = (drawing: Drawing): void => {
    const upwards = chart.kind === "line";
    const scale = drawing.scales[upwards ? "y" : "x"];
    if (scale === undefined) return;
    const pen: Pen = drawing.ctx;
    const { left, top, right, bottom } = drawing.chartArea;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    for (const [index, { style }] of chart.series.entries()) {
      if (!drawing.isDatasetVisible(index)) continue;
      for (const [place, element] of drawing.getDatasetMeta(index).data.entries()) {
        const point = pointOf(chart, index, place);
        if (point?.interval == null) continue;
        // A stacked bar's end lies further on than its own value.
        const shift = (upwards ? element.y : element.x) - scale.getPixelForValue(point.value);
        const low = scale.getPixelForValue(point.interval.low) + shift;
        const high = scale.getPixelForValue(point.interval.high) + shift;
        pen.strokeStyle = chart.kind === "bars" ? theme.ink : colourOf(theme, point.style ?? style);
        pen.lineWidth = 1.5;
        if (upwards) whisker(pen, (along, across) => [element.x + across, along], low, high);
        else whisker(pen, (along, across) => [along, element.y + across], low, high);
      }
    }
    pen.restore();
  };
  // On top of bars, but below dots.
  return chart.kind === "bars"
    ? { id: "intervals", afterDatasetsDraw: draw }
    : { id: "intervals", beforeDatasetsDraw: draw };
}

function whisker(
  pen: Pen,
  place: (along: number, across: number) => [x: number, y: number],
  low: number,
  high: number,
): void {
  const cap = 4;
  pen.beginPath();
  for (const [from, to] of [
    [place(low, 0), place(high, 0)],
    [place(low, -cap), place(low, cap)],
    [place(high, -cap), place(high, cap)],
  ] as const) {
    pen.moveTo(...from);
    pen.lineTo(...to);
  }
  pen.stroke();
}
