import { between } from "../bench/statistics/between.ts";
import type { Between, Estimate, Interval } from "../bench/statistics/between.ts";
import { digits, signed } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import type { Against } from "./placed-rows.ts";

// Bundled for browsers: nothing here may import from Node.

/** What a cell is compared by: a bound may be anything beyond it. */
export interface Comparable {
  readonly estimate: Estimate | null;
  readonly atLeast: boolean;
  readonly isRange: boolean;
}

/** How a figure stands to that of its base; null where trials don't say. */
export function relativeTo(base: Comparable | undefined, cell: Comparable): Between | null {
  if (base?.estimate == null || cell.estimate === null) return null;
  if ([base, cell].some(({ atLeast, isRange }) => atLeast || isRange)) return null;
  return between(cell.estimate, base.estimate);
}

/** A figure that another one is held against. */
export interface CellBase {
  readonly cell: Comparable | undefined;
  readonly as: Against<unknown>["as"];
}

/** What stands below a figure. */
export interface Below {
  /** How it stands to its base, or its own interval; nothing where there is none. */
  readonly texts: readonly string[];
  /** Whether it is told apart from its base. */
  readonly apart: boolean;
}

/** `base` is null for a figure that stands for itself. */
export function belowOf(cell: Comparable, base: CellBase | null, format: ColumnFormat): Below {
  const relative = base === null ? null : relativeTo(base.cell, cell);
  if (relative === null || base === null) {
    const interval = cell.estimate?.interval ?? null;
    return { texts: interval === null ? [] : [intervalText(interval, format)], apart: false };
  }
  const isRatio = base.as === "ratio";
  const texts = isRatio ? ratioText(relative, format) : [differenceText(relative, format)];
  return { texts, apart: relative.apart };
}

/** `±0` where its ends look the same. */
function intervalText({ low, high }: Pick<Interval, "low" | "high">, format: ColumnFormat): string {
  const [from, to] = [format.number(low), format.number(high)];
  return from === to ? "±0" : `${from}–${to}`;
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
