import type { Chart as Drawing, Plugin } from "chart.js";
import type { Chart, Series } from "./chart.ts";
import { stroke, takeFont } from "./pen.ts";
import type { Pen } from "./pen.ts";
import { cutTo, widthOf } from "./text-layout.ts";
import { colourOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

const size = 12;
const lineHeight = 15;
/** Between the plot and its lines' names: whiskers of the last points reach into it. */
const leadWidth = 26;
const widestName = 150;
/** Of a narrower chart the plot itself needs the width. */
const narrowest = 560;
/** A line that ends further from the plot's right edge, in shares of its width, is not led to a name there. */
const furthest = 0.1;

/** The width beside the plot that the names of lines take; 0 where there are none. */
export function endRoom({ kind, series }: Chart, width: number): number {
  if (kind !== "line" || series.length < 2 || width < narrowest) return 0;
  return leadWidth + Math.max(...series.map(({ name }) => widthOf(shown(name), size)));
}

function shown(name: string): string {
  return cutTo(name, widestName, size);
}

/** Writes the name of each line where it ends, beside the plot, led to where it had to be moved. */
export function endLabels(chart: Chart, theme: Theme): Plugin {
  return {
    id: "end-labels",
    afterDatasetsDraw: (drawing) => {
      if (endRoom(chart, drawing.width) === 0) return;
      const pen: Pen = drawing.ctx;
      const { right, top, bottom } = drawing.chartArea;
      const most = Math.floor((bottom - top) / lineHeight);
      const ends = endsOf(chart, drawing).slice(0, most);
      const middles = spread(
        ends.map(({ y }) => y),
        lineHeight,
        { from: top, to: bottom },
      );
      pen.save();
      for (const [index, { series, x, y }] of ends.entries()) {
        const middle = middles[index] ?? y;
        const lead = [
          [x, y],
          [right + leadWidth / 3, y],
          [right + leadWidth - 4, middle],
        ] as const;
        pen.globalAlpha = 0.6;
        stroke(pen, [lead], colourOf(theme, series.style), 1);
        pen.globalAlpha = 1;
        takeFont(pen, size, theme.ink);
        pen.fillText(shown(series.name), right + leadWidth, middle);
      }
      pen.restore();
    },
  };
}

interface End {
  readonly series: Series;
  readonly x: number;
  readonly y: number;
}

/** Where lines end that reach the right of the plot, from above. */
function endsOf({ series }: Chart, drawing: Drawing): End[] {
  const { left, right } = drawing.chartArea;
  return series
    .flatMap((one, index): End[] => {
      const last = drawing.getDatasetMeta(index).data.at(-1);
      if (last === undefined || !drawing.isDatasetVisible(index)) return [];
      // Skia ends the whole process where it is to draw nowhere.
      if (!Number.isFinite(last.x) || !Number.isFinite(last.y)) return [];
      return right - last.x > furthest * (right - left)
        ? []
        : [{ series: one, x: last.x, y: last.y }];
    })
    .toSorted((a, b) => a.y - b.y);
}

/**
 * Middles of lines of text that are wanted at `wanted`, in order: moved as little as it takes for them to be `gap`
 * apart, all within a range. Those that want the same place share it around their mean.
 */
export function spread(
  wanted: readonly number[],
  gap: number,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  // As if each were as high as nothing: then they only mustn't pass each other.
  const blocks: { sum: number; count: number }[] = [];
  for (const [index, place] of wanted.entries()) {
    blocks.push({ sum: place - index * gap, count: 1 });
    for (;;) {
      const [before, last] = blocks.slice(-2);
      if (before === undefined || last === undefined) break;
      if (before.sum / before.count <= last.sum / last.count) break;
      blocks.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  const lowest = to - gap / 2 - (wanted.length - 1) * gap;
  const places = blocks.flatMap(({ sum, count }) =>
    Array.from({ length: count }, () => Math.max(from + gap / 2, Math.min(lowest, sum / count))),
  );
  return places.map((place, index) => place + index * gap);
}
