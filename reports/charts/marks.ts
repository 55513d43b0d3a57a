import type { Chart as Drawing, Plugin } from "chart.js";
import type { Chart, Mark } from "./chart.ts";
import { sizes } from "./layout.ts";
import type { Corner } from "./marker.ts";
import { stroke, takeFont } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { nearestIn, place } from "./placing.ts";
import type { Box, Spot } from "./placing.ts";
import { linesIn, widthOf } from "./text-layout.ts";
import type { Theme } from "./theme.ts";

const lineHeight = 17;
/** Of the ring. */
const radius = 7;

/** Draws a ring around what is marked, and its text where it covers neither another nor a line. */
export function marks(chart: Chart, theme: Theme): Plugin {
  return {
    id: "marks",
    afterDatasetsDraw: (drawing) => {
      const spots = (chart.marks ?? []).flatMap((mark) => spotOf(chart, mark, drawing) ?? []);
      const pen: Pen = drawing.ctx;
      pen.save();
      const taken = drawnPlaces(chart, drawing);
      const placed = place(spots, drawing.chartArea, taken);
      for (const { x, y } of spots) ring(pen, x, y, chart, theme);
      // Texts come last: a line that has to pass one goes behind it.
      for (const part of [drawLead, write]) {
        for (const [index, spot] of spots.entries()) {
          const box = placed[index];
          if (box != null) part(pen, spot, box, theme);
        }
      }
      pen.restore();
    },
  };
}

interface TextSpot extends Spot {
  readonly lines: readonly string[];
}

function spotOf({ kind }: Chart, { at, value, text }: Mark, drawing: Drawing): TextSpot | null {
  const { x, y } = drawing.scales;
  if (x === undefined || y === undefined) return null;
  const [across, upwards] = kind === "line" ? [at, value] : [value, at];
  const centre = { x: x.getPixelForValue(across), y: y.getPixelForValue(upwards) };
  // Skia ends the whole process where it is to draw around nowhere.
  if (!Number.isFinite(centre.x) || !Number.isFinite(centre.y)) return null;
  const room = Math.min(230, (drawing.chartArea.right - drawing.chartArea.left) * 0.45);
  const lines = linesIn(text, { width: room, lines: 3, size: sizes.axis });
  return {
    ...centre,
    lines,
    width: Math.max(...lines.map((line) => widthOf(line, sizes.axis)), 0),
    height: lines.length * lineHeight,
  };
}

/** Places along the lines and on the points, a few pixels apart. */
function drawnPlaces({ kind, series }: Chart, drawing: Drawing): { x: number; y: number }[] {
  return series.flatMap((_, index) => {
    if (!drawing.isDatasetVisible(index)) return [];
    const elements = drawing.getDatasetMeta(index).data;
    return elements.flatMap(({ x, y }, place) => {
      const next = elements[place + 1];
      if (next === undefined || kind !== "line") return [{ x, y }];
      const steps = Math.min(60, 1 + Math.floor(Math.hypot(next.x - x, next.y - y) / 8));
      return Array.from({ length: steps }, (_, step) => ({
        x: x + ((next.x - x) * step) / steps,
        y: y + ((next.y - y) * step) / steps,
      }));
    });
  });
}

function ring(pen: Pen, x: number, y: number, { kind }: Chart, theme: Theme): void {
  if (kind === "bars") return;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.lineWidth = 1.5;
  pen.strokeStyle = theme.ink;
  pen.stroke();
}

function drawLead(pen: Pen, { x, y }: Spot, box: Box, theme: Theme): void {
  const near = nearestIn(box, { x, y });
  const distance = Math.hypot(near.x - x, near.y - y);
  if (distance > 20) {
    const start: Corner = [
      x + ((near.x - x) * radius) / distance,
      y + ((near.y - y) * radius) / distance,
    ];
    stroke(pen, [[start, [near.x, near.y]]], theme.quiet, 1);
  }
}

function write(pen: Pen, { x, lines }: TextSpot, box: Box, theme: Theme): void {
  takeFont(pen, sizes.axis, theme.ink);
  if (box.right < x) pen.textAlign = "right";
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = theme.background;
  for (const [index, line] of lines.entries()) {
    const left = pen.textAlign === "right" ? box.right : box.left;
    const middle = box.top + (index + 0.5) * lineHeight;
    pen.strokeText(line, left, middle);
    pen.fillText(line, left, middle);
  }
}
