import { markdownTable } from "markdown-table";
import { branch, cellBase, formatsOf, textOf, trialsText } from "../cell-text.ts";
import type { Footnotes } from "../cell-text.ts";
import type { CellBase } from "../relative.ts";
import { placedIn } from "../placed-rows.ts";
import type { PlacedRow } from "../placed-rows.ts";
import type { ColumnFormat } from "../../bench/text/format.ts";
import { uncertainSign } from "../legend.ts";
import type { Table } from "../summary.ts";
import type { Cell, Column, Row } from "../cells.ts";
import { brief, escaped } from "./escaped.ts";

/** A table that is aligned in the raw text, too; each figure with its interval behind it. */
export function tableText(table: Table, footnotes: Footnotes, base: string | null): string {
  const { columns, rows, acrossScenarios } = table;
  const formats = formatsOf(table);
  const several = rows.some(({ run }) => run !== null);
  const names = ["variant", ...(several ? ["run"] : []), ...(acrossScenarios ? [] : ["trials"])];
  const head = columns.map((column, index) => headText(column, formats[index], footnotes));
  const body = placedIn(table, base).map((placed) => {
    const { row } = placed;
    const run = several ? [escaped(brief(row.run ?? "", 60))] : [];
    const cells = row.cells.map((cell, index) =>
      cellText(cell, formats[index], footnotes, cellBase(placed, index)),
    );
    return [nameText(placed), run, acrossScenarios ? [] : standingText(row), cells].flat();
  });
  return gridText([[...names, ...head], ...body], names.length);
}

/** Cells of Markdown as a table, whose first `left` columns are aligned to the left. */
export function gridText(grid: readonly (readonly string[])[], left: number): string {
  const align = (grid[0] ?? []).map((_, index) => (index < left ? "l" : "r"));
  return markdownTable(grid, { align, stringLength: (cell) => Array.from(cell).length });
}

function nameText({ row: { variant, reference }, beyond, isBase }: PlacedRow<Row>): string {
  const name = escaped(brief(beyond ?? variant, 100));
  const suffixes = [...(reference ? [" (floor)"] : []), ...(isBase ? [" (base)"] : [])];
  return [...(beyond === null ? [] : [branch]), name, ...suffixes].join("");
}

/** A bare number where all of the trials are valid. */
function standingText(row: Row): string {
  return row.played > 0 && row.valid === row.played ? String(row.played) : trialsText(row);
}

function headText(
  { label, about }: Column,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
): string {
  const unit = format === undefined || format.unit === "" ? "" : `, ${format.unit}`;
  return escaped(brief(label, 100)) + unit + (about === null ? "" : ` ${footnotes.mark(about)}`);
}

function cellText(
  cell: Cell,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
  base: CellBase | null,
): string {
  const { figure, sign, below, remark } = textOf(cell, format, base);
  const shown = cell.text === null ? unbroken(figure) : escaped(brief(figure, 100));
  return [
    sign === "*" ? `**${shown}**` : shown,
    ...(sign === uncertainSign ? [sign] : []),
    ...(below.texts.length === 0 ? [] : [`(${below.texts.map(unbroken).join(", ")})`]),
    ...(remark === null ? [] : [footnotes.mark(remark)]),
  ].join(" ");
}

/** In a narrow cell a number must not be broken where its thousands are apart. */
function unbroken(text: string): string {
  return text.replaceAll(/(?<=\d) (?=\d)/g, "\u00A0");
}
