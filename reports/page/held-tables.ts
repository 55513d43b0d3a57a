import type { columnFormat } from "../../bench/text/format.ts";
import type { Comparable } from "../relative.ts";
import type { Placeable } from "../placed-rows.ts";

// Bundled for browsers: nothing here may import from Node.

/** A table of the page, as far as it takes to hold its figures against another base. */
export interface HeldTable {
  readonly columns: readonly HeldColumn[];
  readonly rows: readonly HeldRow[];
}

/** By which a column's format is chosen. */
export interface HeldColumn {
  readonly unit: Parameters<typeof columnFormat>[0];
  /** The largest figure; null where there is none. */
  readonly most: number | null;
}

export interface HeldRow extends Placeable {
  readonly cells: readonly HeldCell[];
}

/** All of them, short, since they have the same rows again and again. */
export interface HeldTables {
  readonly subjects: readonly Placeable[];
  readonly tables: readonly {
    readonly columns: readonly HeldColumn[];
    /** By their place among the subjects. */
    readonly rows: readonly (readonly [subject: number, cells: readonly HeldCell[]])[];
  }[];
}

/** The tables again. */
export function tablesOf({ subjects, tables }: HeldTables): HeldTable[] {
  return tables.map(({ columns, rows }) => ({
    columns,
    rows: rows.flatMap(([place, cells]) => {
      const subject = subjects[place];
      return subject === undefined ? [] : [Object.assign({ cells }, subject)];
    }),
  }));
}

/** Short, since a page has many: median, trials, flags, and the ends of the interval where they lie apart. */
export type HeldCell = readonly number[] | null;

export const [countedFlag, boundFlag] = [1, 2] as const;

/** The cell again, but for how sure its interval is, and whether a bound is a range. */
export function comparableOf(held: HeldCell | undefined): Comparable {
  const [median = 0, trials = 0, flags = 0, low = median, high = median] = held ?? [];
  const interval = trials === 1 ? null : { low, high, confidence: Number.NaN };
  const estimate = { median, trials, interval, counted: (flags & countedFlag) !== 0 };
  return {
    estimate: held == null ? null : estimate,
    atLeast: (flags & boundFlag) !== 0,
    isRange: false,
  };
}
