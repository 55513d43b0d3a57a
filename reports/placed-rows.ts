import type { Row } from "./cells.ts";
import { placesOf } from "./groups.ts";
import { basesOf } from "./relative.ts";

/** A row of a table, with its place among the variants of its transport. */
export interface PlacedRow {
  readonly row: Row;
  /** What it has beyond its transport, where it stands below the base of its group; null for all others. */
  readonly beyond: string | null;
  /** Whether it is the one that was picked for the others to be held against. */
  readonly isBase: boolean;
  /** What its figures are held against; null where they stand for themselves. */
  readonly against: Against | null;
}

export interface Against {
  readonly row: Row;
  /** The base of a group tells what is added to it; one that was picked, how many times it the others are. */
  readonly as: "difference" | "ratio";
}

/** `picked` is the variant that all are held against; null for the base of each group. */
export function placedRows(rows: readonly Row[], picked: string | null): PlacedRow[] {
  const places = placesOf(rows);
  const bases = basesOf(rows, picked);
  return rows.map((row, index) => {
    const base = bases[index] ?? null;
    return {
      row,
      isBase: row.variant === picked,
      beyond: places.get(row.variant)?.beyond ?? null,
      against: base === null ? null : { row: base, as: picked === null ? "difference" : "ratio" },
    };
  });
}
