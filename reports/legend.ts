import { asIsMeaning } from "./as-is.ts";
import { floorMeaning } from "./floor-meaning.ts";
import { timesDiffer } from "./between-runs.ts";
import type { Summary } from "./summary.ts";
import type { Cell, Row } from "./cells.ts";
import { maxClockShare } from "../bench/results/clock-bound.ts";
import { baseLegend } from "./base-legend.ts";
import { confidenceOf } from "../bench/statistics/estimate.ts";
import type { Estimate } from "../bench/statistics/estimate.ts";
import { listing } from "../bench/text/format.ts";

/** How a report shows what its tables say. */
export interface Signs {
  /** Where intervals stand: `Below a figure`. */
  readonly interval: string;
  /** What marks the best: `*`. */
  readonly best: string;
}

/** Behind what can't be told apart from the best of its column. */
export const uncertainSign = "?";

/** How to read the tables, in one paragraph; it speaks of what is in them only. */
export function legendOf(
  { scenarios, asIs }: Summary,
  { interval, best }: Signs,
  base: string | null = null,
): string {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const several = rows.some(({ run }) => run !== null);
  return [
    intervalLegend(estimatesIn(rows), interval),
    baseLegend(rows, base, interval),
    marksLegend(rows, best),
    asIs === true ? asIsMeaning : "Latency is the time received less the time due.",
    ...(rows.some(({ cells }) => cells.some(isByClocks)) ? [clocksLegend] : []),
    ...(rows.some(({ reference }) => reference) ? [`The floor is ${floorMeaning}.`] : []),
    ...(several ? [timesDiffer] : []),
  ]
    .filter((text) => text !== "")
    .join(" ");
}

const clocksLegend =
  "Between hosts, and in a page, two clocks tell it: ± is how far these may have been apart, and a figure of which that is " +
  `more than ${100 * maxClockShare} % stands in brackets and doesn't count.`;

function isByClocks({ clockBound }: Cell): boolean {
  return clockBound !== null;
}

/** What the marks of ranking mean, as far as there are any. */
export function marksLegend(rows: readonly Row[], best: string): string {
  const cells = rows.flatMap((row) => row.cells);
  const several = rows.some(({ run }) => run !== null);
  if (!cells.some((cell) => cell.best)) return "";
  const first = `${best} marks the best of a column${several ? " in each run" : ""}`;
  if (!cells.some((cell) => cell.uncertain)) return `${first}.`;
  return `${first}, ${uncertainSign} figures too uncertain to be told apart from it.`;
}

/** Every figure of some rows, references and all. */
export function estimatesIn(rows: readonly Pick<Row, "cells">[]): Estimate[] {
  return rows.flatMap(({ cells }) => cells.flatMap(({ estimate }) => estimate ?? []));
}

/**
 * What the ends of intervals are, and how sure, over as many trials as figures rest on; empty where there
 * are no figures. `place` is where intervals stand.
 */
export function intervalLegend(estimates: readonly Estimate[], place = "Below a figure"): string {
  const single = estimates.filter(({ trials }) => trials === 1);
  if (single.length === estimates.length) {
    return single.length === 0 ? "" : `One trial each: ${singleMeaning}`;
  }
  const repeated = estimates.map(({ trials }) => trials).filter((trials) => trials > 1);
  const held = new Set(repeated.toSorted((a, b) => a - b).map(confidenceText));
  const interval =
    `${place}, the interval of its median, by a bootstrap over its valid trials; it holds the ` +
    `true median with a confidence of ${listing([...held])}; ±0 means none in the digits shown.`;
  return single.length === 0
    ? interval
    : `${interval} A figure without one is of a single trial: ${singleMeaning}`;
}

const singleMeaning =
  "the spread between trials is unknown, so only counts can be ranked by it, not timings.";

/** From some number on, more trials make for a narrower interval and not for a surer one. */
function confidenceText(trials: number): string {
  const confidence = confidenceOf(trials);
  const over = confidence < confidenceOf(trials + 1) ? `${trials} trials` : "6 trials or more";
  return `${Math.round(100 * confidence)} % over ${over}`;
}
