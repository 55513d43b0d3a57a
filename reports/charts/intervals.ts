import type { Chart as Drawing, Plugin } from "chart.js";
import type { Chart } from "./chart.ts";
import { pointOf } from "./datasets.ts";
import type { Pen } from "./pen.ts";
import { colourOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** Between the whiskers of two lines that have a point in the same place, in pixels. */
const apart = 3;

/** Draws a whisker over the interval of each point that has one, along the value axis. */
export function intervals(chart: Chart, theme: Theme): Plugin {
  const draw = (drawing: Drawing): void => {
    const upwards = chart.kind === "line";
    const scale = drawing.scales[upwards ? "y" : "x"];
    if (scale === undefined) return;
    const pen: Pen = drawing.ctx;
    pen.save();
    for (const [index, { style }] of chart.series.entries()) {
      if (!drawing.isDatasetVisible(index)) continue;
      const aside = upwards ? (index - (chart.series.length - 1) / 2) * apart : 0;
      for (const [place, { x, y }] of drawing.getDatasetMeta(index).data.entries()) {
        const point = pointOf(chart, index, place);
        if (point?.interval == null) continue;
        // A stacked bar's end lies further on than its own value.
        const shift = (upwards ? y : x) - scale.getPixelForValue(point.value);
        const low = scale.getPixelForValue(point.interval.low) + shift;
        const high = scale.getPixelForValue(point.interval.high) + shift;
        if (Math.abs(high - low) < 1) continue;
        const strokes = whisker(low, high).map((ends) =>
          ends.map(([along, across]): [number, number] =>
            upwards ? [x + aside + across, along] : [along, y + across],
          ),
        );
        if (chart.kind === "bars") {
          // A seam, to be seen on the bar.
          stroke(pen, strokes, theme.background, 3.5);
          stroke(pen, strokes, theme.ink, 1.5);
        } else stroke(pen, strokes, colourOf(theme, point.style ?? style), 1.5);
      }
    }
    pen.restore();
  };
  // On top of bars, but below dots.
  return chart.kind === "bars"
    ? { id: "intervals", afterDatasetsDraw: draw }
    : { id: "intervals", beforeDatasetsDraw: draw };
}

type Place = readonly [along: number, across: number];

function whisker(low: number, high: number): (readonly [Place, Place])[] {
  const cap = 4;
  return [
    [
      [low, 0],
      [high, 0],
    ],
    [
      [low, -cap],
      [low, cap],
    ],
    [
      [high, -cap],
      [high, cap],
    ],
  ];
}

function stroke(
  pen: Pen,
  strokes: readonly (readonly (readonly [x: number, y: number])[])[],
  colour: string,
  width: number,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const ends of strokes) {
    for (const [index, [x, y]] of ends.entries()) {
      if (index === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    }
  }
  pen.stroke();
}
