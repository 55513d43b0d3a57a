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
export function relativeTo(
  base: Comparable | undefined,
  cell: Comparable,
  format: ColumnFormat,
): ToldBetween | null {
  if (base?.estimate == null || cell.estimate === null) return null;
  if ([base, cell].some(({ atLeast, isRange }) => atLeast || isRange)) return null;
  const found = between(cell.estimate, base.estimate);
  return found && { ...found, step: stepOf([cell.estimate, base.estimate], format) };
}

/** How a figure stands to another, as it is told: no finer than the figures themselves. */
export interface ToldBetween extends Between {
  /** What the last digit of the finer one stands for; 0 where both are nothing. */
  readonly step: number;
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
  const relative = base === null ? null : relativeTo(base.cell, cell, format);
  if (relative === null || base === null) {
    const interval = cell.estimate?.interval ?? null;
    return { texts: interval === null ? [] : [intervalText(interval, format)], apart: false };
  }
  const isRatio = base.as === "ratio";
  const texts = isRatio ? ratioText(relative, format) : [differenceText(relative, format)];
  return { texts, apart: relative.apart && texts[0] !== sameSign };
}

/** `±0` where its ends look the same. */
function intervalText({ low, high }: Pick<Interval, "low" | "high">, format: ColumnFormat): string {
  const [from, to] = [format.number(low), format.number(high)];
  return from === to ? "±0" : `${from}–${to}`;
}

/** The same in the digits shown. */
export const sameSign = "=";
/** Not told apart. */
export const unclearSign = "n.s.";

/** See `ToldBetween`. */
export function stepOf(estimates: readonly Estimate[], format: ColumnFormat): number {
  const steps = estimates.map(({ median }) => format.step(median)).filter((step) => step > 0);
  return steps.length === 0 ? 0 : Math.min(...steps);
}

/** What it adds, in the unit of its column, or takes: `+22`. */
export function differenceText(told: ToldBetween, format: ColumnFormat): string {
  const { value, low, high } = told.difference;
  const text = (difference: number): string => signed(difference, format, told.step);
  const shown = told.apart ? [text(value)] : [text(low), text(high)];
  if (shown.every((one) => one === "0")) return sameSign;
  return told.apart ? text(value) : unclearSign;
}

/** How many times the base's, over the interval of that; where that has no sense the difference, over its own. */
export function ratioText(
  { ratio, difference, step }: ToldBetween,
  format: ColumnFormat,
): string[] {
  const [more = "", from = "", to = ""] = [difference.value, difference.low, difference.high].map(
    (value) => signed(value, format, step),
  );
  if ([more, from, to].every((text) => text === "0")) return [sameSign];
  if (ratio === null) return [more, from === to ? "±0" : `${from} to ${to}`];
  const [value, low, high] = [ratio.value, ratio.low, ratio.high].map(digits);
  return [`${value}×`, low === high ? "±0" : `${low}–${high}`];
}
