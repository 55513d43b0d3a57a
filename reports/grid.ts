import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { width } from "./wrapped.ts";

/** Narrow enough for two columns to stand side by side. */
const widestCell = 40;

/** The text of a table, cell by cell: a head, then the rows; each begins with what it is about. */
export type Grid = readonly (readonly string[])[];

/**
 * Draws as many tables one below the other as it takes for none to be too wide. The last `apart` rows
 * stand below a line of their own.
 */
export function gridText(grid: Grid, apart = 0): string {
  return split(grid.map((row) => row.map((cell) => onLines(cell, widestCell))))
    .map((part) => drawn(part, apart))
    .join("\n");
}

/** The text on lines that are no longer than `length`. */
export function onLines(text: string, length: number): string {
  return text.replaceAll(new RegExp(`[^\\n]{${length}}(?=[^\\n])`, "g"), "$&\n");
}

/** Each of the tables begins with the first column. */
function split(grid: Grid): Grid[] {
  const [first = 0, ...others] = widthsOf(grid);
  const groups: number[][] = [[]];
  let used = first;
  for (const [index, columnWidth] of others.entries()) {
    if (used + columnWidth > width - 1) {
      groups.push([]);
      used = first;
    }
    groups.at(-1)?.push(index + 1);
    used += columnWidth;
  }
  return groups.map((group) => grid.map((row) => [0, ...group].map((index) => row[index] ?? "")));
}

/** Each column's width with its left border and padding. */
function widthsOf(grid: Grid): number[] {
  const columns = grid[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, index) => {
    const lines = grid.flatMap((row) => (row[index] ?? "").split("\n"));
    return 2 + Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  });
}

function drawn([head = [], ...body]: Grid, apart: number): string {
  const table = new Table({
    head: [...head],
    colAligns: ["left", ...head.slice(1).map(() => "right" as const)],
    style: { head: [], border: [], compact: true, "padding-left": 1, "padding-right": 0 },
  });
  table.push(...body.map((row) => [...row]));
  const lines = table.toString().split("\n");
  const line = lines.find((candidate) => candidate.startsWith("├"));
  // There is no way to have the table draw a line between some rows only.
  if (apart > 0 && apart < body.length && line !== undefined) {
    const height = body.slice(-apart).reduce((sum, row) => sum + heightOf(row), 0);
    lines.splice(-1 - height, 0, line);
  }
  return lines.join("\n");
}

function heightOf(row: readonly string[]): number {
  return Math.max(...row.map((cell) => cell.split("\n").length));
}
