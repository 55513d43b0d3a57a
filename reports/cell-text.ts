import type { Footnotes } from "./footnotes.ts";
import { columnFormat, countOf } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import { uncertainSign } from "./legend.ts";
import { shownIn } from "./summary.ts";
import type { Cell, Row, Table } from "./summary.ts";

/** How each column's figures are written. */
export function formatsOf({ columns, rows }: Pick<Table, "columns" | "rows">): ColumnFormat[] {
  return columns.map((column, index) => {
    const shown = rows.map(({ cells }) => cells[index]).filter((cell) => cell !== undefined);
    return columnFormat(
      column.unit,
      shown.flatMap((cell) => shownIn(cell) ?? []),
    );
  });
}

/** A long variant stands on several lines, broken before its options. */
export function nameOf({
  variant,
  run,
  reference,
}: Pick<Row, "variant" | "run" | "reference">): string {
  const name = variant.length <= 20 ? variant : variant.replaceAll(/(?=[:@+])/g, "\n");
  const full = reference ? `${name} (floor)` : name;
  return run === null ? full : `${full}\n${run}`;
}

/** On how many trials a row rests. */
export function trialsText({ valid, played }: Pick<Row, "valid" | "played">): string {
  if (played === 0) return "not played";
  if (valid < played) return `${valid} of ${played} valid`;
  return countOf(played, "trial");
}

export function headOf(label: string, format: ColumnFormat | undefined): string {
  return format === undefined || format.unit === "" ? label : `${label}\n${format.unit}`;
}

/** The figure with its mark, and its interval below; in brackets that of trials that don't count. */
export function cellText(
  { estimate, invalid, text, atLeast, best, uncertain, remark }: Cell,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
  colour: boolean,
): string {
  if (estimate === null && text === null && invalid !== null && format !== undefined) {
    const why = `${remark ?? "no valid trial"}; in brackets, what the invalid ones showed`;
    return `(${format.number(invalid)}) ${footnotes.mark(why)}`;
  }
  const mark = remark === null ? "" : ` ${footnotes.mark(remark)}`;
  if (text !== null) return text + mark;
  if (estimate === null || format === undefined) return `n/a${mark}`;
  const { median, interval } = estimate;
  const figure = `${atLeast ? "≥ " : ""}${format.number(median)}${best ? " *" : uncertain ? ` ${uncertainSign}` : ""}`;
  const shown = best && colour ? `\u001B[1m${figure}\u001B[22m` : figure;
  if (interval === null) return shown + mark;
  const low = format.number(interval.low);
  const high = format.number(interval.high);
  return `${shown}${mark}\n${low === high ? "±0" : `${low}–${high}`}`;
}
