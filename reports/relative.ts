import { between } from "../bench/statistics/between.ts";
import type { Between } from "../bench/statistics/between.ts";
import { digits, signed } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import type { Cell, Row } from "./cells.ts";
import { placesOf } from "./groups.ts";

// Bundled for browsers: nothing here may import from Node.

/** What a cell is compared by: a bound may be anything beyond it. */
export type Comparable = Pick<Cell, "estimate" | "atLeast" | "isRange">;

/**
 * What each row is held against: the one that was picked, or else the base of its group; null for that one
 * itself, and where its run doesn't have it.
 */
export function basesOf<R extends Pick<Row, "variant" | "transport" | "reference" | "run">>(
  rows: readonly R[],
  picked: string | null,
): (R | null)[] {
  const places = placesOf(rows);
  return rows.map((row) => {
    const base = picked ?? places.get(row.variant)?.base;
    if (base === undefined || base === row.variant) return null;
    return rows.find(({ variant, run }) => variant === base && run === row.run) ?? null;
  });
}

/** How a figure stands to that of its base; null where trials don't say. */
export function relativeTo(base: Comparable | undefined, cell: Comparable): Between | null {
  if (base?.estimate == null || cell.estimate === null) return null;
  if ([base, cell].some(({ atLeast, isRange }) => atLeast || isRange)) return null;
  return between(cell.estimate, base.estimate);
}

/** The same in every trial of both. */
export const sameSign = "=";
/** Not told apart. */
export const unclearSign = "n.s.";

/** What it adds, in the unit of its column, or takes: `+22`. */
export function differenceText({ difference, apart }: Between, format: ColumnFormat): string {
  if (apart) return signed(difference.value, format);
  return difference.low === difference.high ? sameSign : unclearSign;
}

/** How many times the base's, over the interval of that; where that has no sense the difference, over its own. */
export function ratioText({ ratio, difference }: Between, format: ColumnFormat): string[] {
  const { value: more, low: least, high: most } = difference;
  if (least === 0 && most === 0) return [sameSign];
  if (ratio === null) {
    const [from, to] = [signed(least, format), signed(most, format)];
    return [signed(more, format), from === to ? "±0" : `${from} to ${to}`];
  }
  const [value, low, high] = [ratio.value, ratio.low, ratio.high].map(digits);
  return [`${value}×`, low === high ? "±0" : `${low}–${high}`];
}
