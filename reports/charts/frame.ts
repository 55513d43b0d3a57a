import type { Plugin } from "chart.js";
import type { Chart } from "./chart.ts";
import { layoutOf, sizes } from "./layout.ts";
import type { Block, DrawingOptions, PlacedEntry } from "./layout.ts";
import { markerOf } from "./marker.ts";
import type { Corner } from "./marker.ts";
import type { Pen } from "./pen.ts";
import { colourOf, dashOf, fontFamily } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** Draws what stands around the axes: title, caption, legend, the value axis's title, notes. */
export function frame(chart: Chart, theme: Theme, options: DrawingOptions): Plugin {
  return {
    id: "frame",
    beforeDraw: ({ ctx, width, height }) => {
      const pen: Pen = ctx;
      const layout = layoutOf(chart, { ...options, width });
      pen.save();
      if (options.framed) {
        pen.fillStyle = theme.background;
        pen.fillRect(0, 0, width, height);
      }
      write(pen, layout.title, layout.margin, theme.ink);
      write(pen, layout.caption, layout.margin, theme.quiet);
      for (const entry of layout.legend) drawEntry(pen, chart, entry, theme);
      write(pen, layout.axisTitle, layout.margin, theme.quiet);
      const space = height - layout.height;
      write(pen, { ...layout.notes, top: layout.notes.top + space }, layout.margin, theme.quiet);
      pen.restore();
    },
  };
}

function write(pen: Pen, block: Block, left: number, colour: string): void {
  pen.font = `${block.bold ? 600 : 400} ${block.size}px ${fontFamily}`;
  pen.fillStyle = colour;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const [index, line] of block.lines.entries()) {
    pen.fillText(line, left, block.top + (index + 0.5) * block.lineHeight);
  }
}

function drawEntry(pen: Pen, { kind }: Chart, entry: PlacedEntry, theme: Theme): void {
  const { left, middle, name, style } = entry;
  pen.fillStyle = pen.strokeStyle = colourOf(theme, style);
  pen.lineWidth = 2;
  if (kind === "bars") pen.fillRect(left, middle - 6, 22, 12);
  if (kind === "line") {
    pen.setLineDash(dashOf(style));
    const line: Corner[] = [
      [left, middle],
      [left + 24, middle],
    ];
    strokeLine(pen, line, false);
    pen.setLineDash([]);
  }
  if (kind !== "bars") {
    const { filled, lines } = markerOf(style);
    for (const line of lines) {
      const placed = line.map(([x, y]): Corner => [left + 12 + x * 4.5, middle + y * 4.5]);
      strokeLine(pen, placed, filled);
      if (filled) pen.fill();
    }
  }
  pen.font = `400 ${sizes.legend}px ${fontFamily}`;
  pen.fillStyle = theme.ink;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(name, left + 30, middle);
}

function strokeLine(pen: Pen, corners: readonly Corner[], closed: boolean): void {
  pen.beginPath();
  for (const [index, [x, y]] of corners.entries()) {
    if (index === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  }
  if (closed) pen.closePath();
  pen.stroke();
}
