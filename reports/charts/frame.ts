import type { Plugin } from "chart.js";
import { isFilled } from "./chart.ts";
import type { Chart } from "./chart.ts";
import { layoutOf, sizes } from "./layout.ts";
import type { Block, DrawingOptions, PlacedEntry } from "./layout.ts";
import { markerOf } from "./marker.ts";
import type { Corner } from "./marker.ts";
import { stroke, takeFont } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { colourOf, dashOf } from "./theme.ts";
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
  takeFont(pen, block.size, colour, block.bold);
  for (const [index, line] of block.lines.entries()) {
    pen.fillText(line, left, block.top + (index + 0.5) * block.lineHeight);
  }
}

function drawEntry(pen: Pen, { kind }: Chart, entry: PlacedEntry, theme: Theme): void {
  const { left, middle, name, style } = entry;
  const colour = colourOf(theme, style);
  pen.fillStyle = colour;
  if (isFilled(kind)) pen.fillRect(left, middle - 6, 22, 12);
  if (kind === "line") {
    pen.setLineDash(dashOf(style));
    const ends: Corner[] = [
      [left, middle],
      [left + 24, middle],
    ];
    stroke(pen, [ends], colour, 2);
    pen.setLineDash([]);
  }
  if (!isFilled(kind)) {
    const { filled, lines } = markerOf(style);
    const corner = ([x, y]: Corner): Corner => [left + 12 + x * 4.5, middle + y * 4.5];
    for (const line of lines) stroke(pen, [line.map(corner)], colour, 2, filled);
    if (filled) pen.fill();
  }
  takeFont(pen, sizes.legend, theme.ink);
  pen.fillText(name, left + 30, middle);
}
