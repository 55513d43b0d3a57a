import type { Chart, Series, Style } from "./chart.ts";
import { linesIn, widthOf } from "./text-layout.ts";

export interface DrawingOptions {
  /** In CSS pixels; 760 unless told. A chart in a page follows its box. */
  readonly width?: number;
  /** Whether title, caption, legend and notes are part of the picture; a page has them as text. */
  readonly framed: boolean;
}

export const standardWidth = 760;

/** Sizes of text in CSS pixels, such that half of it can still be read. */
export const sizes = { title: 20, caption: 14, legend: 14, axis: 13, note: 12.5 } as const;

/** From one line of text to the next, in sizes of it. */
const leading = 1.4;

/** Lines of text, one below the other, and where the first begins. */
export interface Block {
  readonly lines: readonly string[];
  readonly size: number;
  readonly bold: boolean;
  readonly top: number;
  readonly lineHeight: number;
}

export interface LegendEntry {
  readonly name: string;
  readonly style: Style;
  /** The place of its series in the chart. */
  readonly series: number;
  /** Whether it begins a line: of many, those of the same colour stand together. */
  readonly begins: boolean;
}

export interface PlacedEntry extends LegendEntry {
  readonly left: number;
  /** The middle of its line. */
  readonly middle: number;
}

/** Where everything is that Chart.js doesn't lay out itself. */
export interface Layout {
  /** Left and right. */
  readonly margin: number;
  readonly title: Block;
  readonly caption: Block;
  readonly legend: readonly PlacedEntry[];
  /** The value axis's title of a line chart, above it and level. */
  readonly axisTitle: Block;
  /** What lies above the axes. */
  readonly above: number;
  readonly notes: Block;
  /** What lies below the axes. */
  readonly below: number;
  readonly height: number;
  /** Between them is what can't be told in words: legend and axes. */
  readonly drawing: { readonly top: number; readonly bottom: number };
}

/** What a swatch and the gaps beside it take in a legend. */
const swatchWidth = 34;

export function layoutOf(chart: Chart, { width = standardWidth, framed }: DrawingOptions): Layout {
  const margin = framed ? 24 : 4;
  const inner = width - 2 * margin;
  let top = framed ? 20 : 4;
  const block = (text: readonly string[], size: number, lines: number, bold = false): Block => {
    const placed = {
      lines: text.flatMap((paragraph) => linesIn(paragraph, { width: inner, lines, size, bold })),
      size,
      bold,
      top,
      lineHeight: Math.round(size * leading),
    };
    top += placed.lines.length * placed.lineHeight;
    return placed;
  };
  const title = block(framed ? [chart.title] : [], sizes.title, 3, true);
  if (framed) top += 4;
  const caption = block(framed ? [chart.caption] : [], sizes.caption, 3);
  if (framed) top += 12;
  const drawingTop = top;
  const legend = framed ? placedLegend(legendOf(chart), margin, inner, top) : [];
  const last = legend.at(-1);
  if (last !== undefined) top = last.middle + 20;
  const axisTitle = block(chart.kind === "line" ? [chart.value.title] : [], sizes.axis, 2);
  if (chart.kind === "line") top += 12;
  const above = top;
  top += plotHeight(chart, width) + axisHeight;
  const bottom = top;
  // The axis's title may reach a little below.
  const drawing = { top: drawingTop, bottom: bottom + 4 };
  if (framed) top += chart.notes.length > 0 ? 14 : 0;
  const notes = block(framed ? chart.notes : [], sizes.note, 3);
  top += framed ? 16 : 4;
  return {
    margin,
    title,
    caption,
    legend,
    axisTitle,
    above,
    notes,
    below: top - bottom,
    height: top,
    drawing,
  };
}

/** Ticks and title of the lower axis. */
const axisHeight = 48;

function plotHeight(chart: Chart, width: number): number {
  if (chart.kind === "line") return width < 480 ? 250 : 300;
  return Math.max(70, chart.along.names.length * rowHeight(chart, width));
}

const laneHeight = 8;

function rowHeight({ kind, stacked, series, along }: Chart, width: number): number {
  const lines = Math.max(1, ...along.names.map((name) => rowName(name, width).length));
  if (kind === "lanes") return laneHeight;
  const bars = kind === "bars" && stacked !== true ? series.length : 1;
  const dots = kind === "dots" ? series.length : 0;
  return Math.max(14 + 16 * bars, 22 + 8 * dots, 10 + lines * 17);
}

/** The name of a row in as many lines as it needs. */
export function rowName(name: string, width: number): string[] {
  const room = Math.min(230, Math.max(90, width * 0.32));
  return linesIn(name, { width: room, lines: 3, size: sizes.axis });
}

/** So many are found at a glance, however they stand. */
const ungroupedEntries = 6;

/** What tells series apart; empty where there is nothing to tell. */
export function legendOf({ kind, series }: Chart): LegendEntry[] {
  if (series.length < 2) return [];
  const colours = series.map(({ style }) => style.colour);
  const isGrouped =
    kind === "line" && series.length > ungroupedEntries && new Set(colours).size < series.length;
  return series.map(({ name, style, points }, index) => ({
    name,
    // Rows have colours of their own: what is left to a series is its marker.
    style: kind === "dots" && ofRows(points) ? { ...style, colour: "floor" } : style,
    series: index,
    begins: isGrouped && index > 0 && style.colour !== colours[index - 1],
  }));
}

function ofRows(points: Series["points"]): boolean {
  return points.some(({ style }) => style !== null);
}

function placedLegend(
  entries: readonly LegendEntry[],
  margin: number,
  inner: number,
  top: number,
): PlacedEntry[] {
  const lineHeight = 22;
  let left = margin;
  let middle = top + lineHeight / 2;
  return entries.map((entry) => {
    const room = inner - swatchWidth;
    const name = linesIn(entry.name, { width: room, lines: 1, size: sizes.legend }).join("");
    const width = swatchWidth + widthOf(name, sizes.legend) + 12;
    if (left > margin && (entry.begins || left + width > margin + inner)) {
      left = margin;
      middle += lineHeight;
    }
    const placed = { ...entry, name, left, middle };
    left += width;
    return placed;
  });
}
