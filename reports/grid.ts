import { columnsOf, linesOf, defaultWidth } from "../bench/text/wrapped.ts";
import { cellOf } from "../bench/results/comparison.ts";
import type { MetricAddress } from "../bench/results/comparison.ts";

/** Narrow enough for two columns to stand side by side. */
const widestCell = 40;

/** The text of a table, cell by cell: a head, then the rows; each begins with what it is about. */
export type Grid = readonly (readonly string[])[];

/** A table whose cells are broken into lines. */
type Lines = readonly (readonly (readonly string[])[])[];

/**
 * Draws as many tables one below the other as it takes for none to be wider than `width`. The last `apart`
 * rows stand below a line of their own. Figures stand one below the other by their ends, and words by their beginnings.
 */
export function gridText(
  grid: Grid,
  apart = 0,
  width: number = defaultWidth,
  cells: "figures" | "words" = "figures",
): string {
  const most = Math.min(widestCell, Math.floor((width - 1) / 2) - 2);
  const lines = grid.map((row) => row.map((cell) => onLines(cell, most).split("\n")));
  const columns = grid[0]?.length ?? 0;
  // Measured once: a cell may hold whatever anybody has written into a file.
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...lines.flatMap((row) => row[index] ?? []).map(columnsOf)),
  );
  return groupsOf(widths, width)
    .map((group) => {
      const part = lines.map((row) => group.map((index) => row[index] ?? []));
      return drawn(
        part,
        group.map((index) => widths[index] ?? 0),
        apart,
        cells === "words" ? Number.POSITIVE_INFINITY : 1,
      );
    })
    .join("\n");
}

/** Each line of the text on lines of at most `most` columns. */
export function onLines(text: string, most: number): string {
  return text
    .split("\n")
    .flatMap((line) => linesOf(line, most))
    .join("\n");
}

/** Which columns stand together in a table; each table begins with the first. */
function groupsOf([first = 0, ...others]: readonly number[], width: number): number[][] {
  const groups = [[0]];
  let used = spaced(first) + 1;
  for (const [index, columnWidth] of others.entries()) {
    if (used + spaced(columnWidth) > width) {
      groups.push([0]);
      used = spaced(first) + 1;
    }
    groups.at(-1)?.push(index + 1);
    used += spaced(columnWidth);
  }
  return groups;
}

/** With the border and the space on the left. */
function spaced(width: number): number {
  return width + 2;
}

/** The first `left` columns are aligned to the left. */
function drawn(
  [head = [], ...body]: Lines,
  widths: readonly number[],
  apart: number,
  left: number,
): string {
  const rule = (left: string, between: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width + 1)).join(between) + right;
  const line = rule("├", "┼", "┤");
  const lined = (rows: Lines): string[] =>
    rows.length === 0 ? [] : [line, ...rows.flatMap((row) => rowLines(row, widths, left))];
  const last = body.length - apart;
  return [
    rule("┌", "┬", "┐"),
    ...rowLines(head, widths, left),
    ...lined(body.slice(0, last)),
    ...lined(body.slice(last)),
    rule("└", "┴", "┘"),
  ].join("\n");
}

function rowLines(row: Lines[number], widths: readonly number[], left: number): string[] {
  const height = Math.max(...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, index) => {
    const texts = widths.map((width, column) => {
      const text = row[column]?.[index] ?? "";
      const space = " ".repeat(width - columnsOf(text));
      return ` ${column < left ? text + space : space + text}`;
    });
    return `│${texts.join("│")}│`;
  });
}

const widest = 34;

/** `sse.overhead.steady` for a narrow column: on two lines where it is too long for one. */
export function cellLines(place: MetricAddress): string {
  const cell = cellOf(place);
  if (cell.length <= widest) return cell;
  const rest = cell.slice(place.variant.length + 1);
  return `${onLines(place.variant, widest)}\n${onLines(rest, widest)}`;
}
