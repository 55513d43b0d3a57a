import type { Chart as Drawing } from "chart.js";
import type { Corner } from "./marker.ts";
import { fontFamily } from "./theme.ts";

/** What draws beside Chart.js: a canvas's context, of a browser or of Node. */
export type Pen = Drawing["ctx"];

/** Strokes lines through their corners, each closed if it is an outline. */
export function stroke(
  pen: Pen,
  lines: readonly (readonly Corner[])[],
  colour: string,
  width: number,
  closed = false,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const [start, ...corners] of lines) {
    if (start === undefined) continue;
    pen.moveTo(...start);
    for (const corner of corners) pen.lineTo(...corner);
    if (closed) pen.closePath();
  }
  pen.stroke();
}

/** Text is written from the left, around the middle of its line. */
export function takeFont(pen: Pen, size: number, colour: string, bold = false): void {
  pen.font = `${bold ? 600 : 400} ${size}px ${fontFamily}`;
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
}
