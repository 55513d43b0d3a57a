import { beyondClocks } from "../bench/results/clock-bound.ts";
import { columnFormat, countOf } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import { uncertainSign } from "./legend.ts";
import type { PlacedRow } from "./placed-rows.ts";
import { belowOf } from "./relative.ts";
import type { Below, CellBase } from "./relative.ts";
import { shownIn } from "./cells.ts";
import type { Table } from "./summary.ts";
import type { Cell, Row } from "./cells.ts";
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
  const name = onOptionLines(variant);
  const full = reference ? `${name} (floor)` : name;
  return run === null ? full : `${full}\n${run}`;
}

/** In front of what stands below the base of its group. */
export const branch = "└ ";

/** The same below the base of its group: what it has beyond its transport. */
export function branchName(beyond: string): string {
  return branch + onOptionLines(beyond).replaceAll(/\n(?=.)/g, "\n  ");
}

function onOptionLines(name: string): string {
  return name.length <= 20 ? name : name.replaceAll(/(?!^)(?=[:@+])/g, "\n");
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

/** What a cell says: each report draws it in its way. */
export interface CellText {
  /** In brackets what trials that don't count have shown. */
  readonly figure: string;
  /** Behind the figure; empty for most. */
  readonly sign: "" | "*" | typeof uncertainSign;
  readonly below: Below;
  readonly remark: string | null;
}

/** What the figure in a column of a row is held against. */
export function cellBase(placed: PlacedRow<Row> | undefined, column: number): CellBase | null {
  const against = placed?.against ?? null;
  return against === null ? null : { cell: against.row.cells[column], as: against.as };
}

const nothingBelow: Below = { texts: [], apart: false };

export function textOf(
  cell: Cell,
  format: ColumnFormat | undefined,
  base: CellBase | null = null,
): CellText {
  const { estimate, invalid, clockBound, text, atLeast, best, uncertain } = cell;
  const remark = remarkOn(cell);
  const apart = clocksText(clockBound, shownIn(cell), format);
  if (text !== null || estimate === null || format === undefined) {
    const isSeen = invalid !== null && format !== undefined;
    const seen = isSeen ? `(${format.number(invalid)}${apart})` : "n/a";
    return { figure: text ?? seen, sign: "", below: nothingBelow, remark };
  }
  const { median } = estimate;
  const below = belowOf(cell, base, format);
  return {
    figure: `${atLeast ? "≥ " : ""}${format.number(median)}${apart}`,
    sign: best ? "*" : uncertain ? uncertainSign : "",
    below,
    remark,
  };
}

/** `±0.013` behind a figure, in no more digits than it has, and no less than it is; empty where one clock tells it. */
function clocksText(
  bound: number | null,
  shown: number | null,
  format: ColumnFormat | undefined,
): string {
  if (bound === null || shown === null || format === undefined) return "";
  const step = format.step(shown);
  return ` ±${format.number(step === 0 ? bound : step * Math.ceil(bound / step), step)}`;
}

/** For a terminal: the figure with its marks, and what stands below. */
export function cellText(
  cell: Cell,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
  { colour, base = null }: { readonly colour: boolean; readonly base?: CellBase | null },
): string {
  const { figure, sign, below, remark } = textOf(cell, format, base);
  const shown = [figure, sign].filter((part) => part !== "").join(" ");
  const first = [
    sign === "*" && colour ? `\u001B[1m${shown}\u001B[22m` : shown,
    ...(remark === null ? [] : [footnotes.mark(remark)]),
  ].join(" ");
  return [first, ...below.texts].join("\n");
}

/** What is remarked on a cell; of one in brackets also what the brackets mean. */
export function remarkOn({ estimate, invalid, text, remark }: Cell): string | null {
  if (estimate !== null || text !== null || invalid === null) return remark;
  if (remark === beyondClocks) return `${remark}: in brackets, it doesn't count`;
  return `${remark ?? "no valid trial"}; in brackets, the figures of the invalid ones`;
}
