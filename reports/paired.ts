import { differ } from "../bench/statistics/between.ts";
import type { ScenarioSummary, Summary, Table } from "./summary.ts";
import type { Cell, Column, Row } from "./cells.ts";

/** One scenario of two runs; what only one of them has is there, too. */
export interface PairedScenario {
  readonly name: string;
  readonly tables: readonly PairedTable[];
}

export interface PairedTable {
  /** Empty for the scenario's main table. */
  readonly title: string;
  readonly rows: readonly PairedRow[];
}

export interface PairedRow {
  readonly variant: string;
  readonly reference: boolean;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly figures: readonly PairedFigure[];
}

export interface PairedFigure {
  readonly column: Column;
  readonly before: Cell | null;
  readonly after: Cell | null;
}

/** Everything that either of two runs has, in the order of the first; references last. */
export function paired(before: Summary, after: Summary): PairedScenario[] {
  return matched(before.scenarios, after.scenarios, ({ name }) => name).map(([a, b, name]) => ({
    name,
    tables: matched(tablesOf(a), tablesOf(b), ({ title }) => title).map(([a, b, title]) => ({
      title,
      rows: pairedRows(a, b),
    })),
  }));
}

/** Why two figures can be compared or not; `apart` is all that intervals can say. */
export type Relation = "" | "same" | "differs" | "apart" | "not apart" | "one trial" | "at least";

export function relationOf({ before, after }: PairedFigure): Relation {
  if (before === null || after === null) return "";
  if (before.text !== null && after.text !== null)
    return before.text === after.text ? "same" : "differs";
  if (before.estimate === null || after.estimate === null) return "";
  if (before.atLeast || after.atLeast) return "at least";
  if (before.estimate.trials === 1 || after.estimate.trials === 1) return "one trial";
  if (differ(before.estimate, after.estimate)) return "apart";
  return isExact(before) && isExact(after) ? "same" : "not apart";
}

/** The same in every trial, of several. */
function isExact({ estimate, atLeast }: Cell): boolean {
  const interval = estimate?.interval ?? null;
  return !atLeast && interval !== null && interval.low === interval.high;
}

/** A number of bytes that was the same in every trial of either run. */
export interface ByteCount {
  readonly place: string;
  readonly before: number;
  readonly after: number;
}

export function byteCounts({ name, tables }: PairedScenario): ByteCount[] {
  return tables.flatMap(({ title, rows }) =>
    rows.flatMap(({ variant, figures }) => {
      const place = title === "" ? `${name}, ${variant}` : `${name}, ${title}, ${variant}`;
      return figures.flatMap((figure) => byteCount(place, figure));
    }),
  );
}

function byteCount(place: string, { column, before, after }: PairedFigure): ByteCount[] {
  const known = column.unit === "bytes" && before !== null && after !== null;
  if (!known || !isExact(before) || !isExact(after)) return [];
  if (before.estimate === null || after.estimate === null) return [];
  const medians = { before: before.estimate.median, after: after.estimate.median };
  return [{ place: `${place}, ${column.label.replaceAll("\n", " ")}`, ...medians }];
}

function tablesOf(scenario: ScenarioSummary | null): readonly Table[] {
  return scenario?.tables ?? [];
}

function pairedRows(before: Table | null, after: Table | null): PairedRow[] {
  // A figure whose unit has changed is another figure.
  const columns = matched(before?.columns ?? [], after?.columns ?? [], ({ key, unit }) =>
    JSON.stringify([key, unit]),
  );
  const rows = matched(before?.rows ?? [], after?.rows ?? [], ({ variant }) => variant);
  return rows
    .map(([a, b, variant]) => ({
      variant,
      reference: (b ?? a)?.reference ?? false,
      before: a,
      after: b,
      figures: columns.flatMap(([was, is]) => {
        const column = is ?? was;
        const figure = { before: cellOf(before, a, was), after: cellOf(after, b, is) };
        return column === null || (figure.before ?? figure.after) === null
          ? []
          : [{ column, ...figure }];
      }),
    }))
    .toSorted((a, b) => Number(a.reference) - Number(b.reference));
}

function cellOf(table: Table | null, row: Row | null, column: Column | null): Cell | null {
  if (table === null || row === null || column === null) return null;
  return row.cells[table.columns.indexOf(column)] ?? null;
}

/** What has the same key on both sides, side by side; null where a side has none. */
function matched<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): [T | null, T | null, string][] {
  const was = new Map(before.map((item) => [keyOf(item), item]));
  const is = new Map(after.map((item) => [keyOf(item), item]));
  return [...new Set([...was.keys(), ...is.keys()])].map((key) => [
    was.get(key) ?? null,
    is.get(key) ?? null,
    key,
  ]);
}
