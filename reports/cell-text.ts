import type { Interval } from "../bench/statistics/estimate.ts";
import { columnFormat, countOf } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import { uncertainSign } from "./legend.ts";
import { shownIn } from "./cells.ts";
import type { Cell, Row, Table } from "./summary.ts";
import { wrapped } from "../bench/text/wrapped.ts";

/** Remarks under a table, each once. */
export class Footnotes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${this.#texts.indexOf(text) + 1}]`;
  }

  /** In the order of their marks: the first is `[1]`. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  lines(width: number): string[] {
    return this.#texts.flatMap((text, index) => wrapped(text, `[${index + 1}] `, width));
  }
}

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
  cell: Cell,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
  colour: boolean,
): string {
  const { estimate, invalid, text, atLeast, best, uncertain } = cell;
  const remark = remarkOn(cell);
  const mark = remark === null ? "" : ` ${footnotes.mark(remark)}`;
  if (text !== null) return text + mark;
  if (format === undefined) return `n/a${mark}`;
  if (estimate === null) return (invalid === null ? "n/a" : `(${format.number(invalid)})`) + mark;
  const { median, interval } = estimate;
  const figure = `${atLeast ? "≥ " : ""}${format.number(median)}${best ? " *" : uncertain ? ` ${uncertainSign}` : ""}`;
  const shown = best && colour ? `\u001B[1m${figure}\u001B[22m` : figure;
  if (interval === null) return shown + mark;
  return `${shown}${mark}\n${intervalText(interval, format)}`;
}

/** `±0` where its ends look the same. */
export function intervalText({ low, high }: Interval, format: ColumnFormat): string {
  const [from, to] = [format.number(low), format.number(high)];
  return from === to ? "±0" : `${from}–${to}`;
}

/** What is remarked on a cell; of one in brackets also what the brackets mean. */
export function remarkOn({ estimate, invalid, text, remark }: Cell): string | null {
  if (estimate !== null || text !== null || invalid === null) return remark;
  return `${remark ?? "no valid trial"}; in brackets, what the invalid ones showed`;
}
