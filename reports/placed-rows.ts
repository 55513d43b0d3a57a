import { placesOf } from "./groups.ts";
import type { Grouped } from "./groups.ts";

// Bundled for browsers: nothing here may import from Node.

/** A row, as far as it matters for what it is held against. */
export interface Placeable extends Grouped {
  readonly run: string | null;
}

/** A row of a table, with its place among the variants of its transport. */
export interface PlacedRow<R extends Placeable> {
  readonly row: R;
  /** What it has beyond its transport, where it stands below the base of its group; null for all others. */
  readonly beyond: string | null;
  /** Whether it is the one that was picked for the others to be held against. */
  readonly isBase: boolean;
  /** What its figures are held against; null where they stand for themselves. */
  readonly against: Against<R> | null;
}

export interface Against<R> {
  /** Of the same run. */
  readonly row: R;
  /** The base of a group tells what is added to it; one that was picked, how many times it the others are. */
  readonly as: "difference" | "ratio";
}

/** The rows of a table; those of differences stand for themselves. See `placedRows`. */
export function placedIn<R extends Placeable>(
  { rows, ofDifferences }: { readonly rows: readonly R[]; readonly ofDifferences?: true },
  picked: string | null,
): PlacedRow<R>[] {
  if (ofDifferences !== true) return placedRows(rows, picked);
  return rows.map((row) => ({ row, beyond: null, isBase: false, against: null }));
}

/**
 * `picked` is the variant that all are held against, and null for the base of each group. Nothing is held
 * against itself, or against what its run doesn't have.
 */
export function placedRows<R extends Placeable>(
  rows: readonly R[],
  picked: string | null,
): PlacedRow<R>[] {
  const places = placesOf(rows);
  return rows.map((row) => {
    const place = places.get(row.variant);
    const name = picked ?? place?.base;
    const isOwn = name === row.variant;
    const base = rows.find(({ variant, run }) => variant === name && run === row.run);
    return {
      row,
      beyond: place?.beyond ?? null,
      isBase: row.variant === picked,
      against:
        isOwn || base === undefined
          ? null
          : { row: base, as: picked === null ? "difference" : "ratio" },
    };
  });
}
