import type { Corner } from "./marker.ts";
import { fontFamily } from "./theme.ts";

/** What is needed of a canvas's context to draw beside Chart.js, in a browser or in Node. */
export interface Pen {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: unknown;
  font: string;
  textAlign: unknown;
  textBaseline: unknown;
  save(): void;
  restore(): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
  setLineDash(lengths: number[]): void;
}

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
