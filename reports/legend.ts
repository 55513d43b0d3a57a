import { timesDiffer } from "./between-runs.ts";
import { floorMeaning } from "./floor.ts";
import { estimatesIn, intervalLegend } from "./interval-legend.ts";
import type { Row, Summary } from "./summary.ts";

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
export function legendOf({ scenarios }: Summary, { interval, best }: Signs): string {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const several = rows.some(({ run }) => run !== null);
  return [
    intervalLegend(estimatesIn(rows), interval),
    marksLegend(rows, best),
    "Latency is the time received less the time due.",
    ...(rows.some(({ reference }) => reference) ? [`The floor is ${floorMeaning}.`] : []),
    ...(several ? [timesDiffer] : []),
  ]
    .filter((text) => text !== "")
    .join(" ");
}

/** What the marks of ranking mean, as far as there are any. */
export function marksLegend(rows: readonly Row[], best: string): string {
  const cells = rows.flatMap((row) => row.cells);
  const several = rows.some(({ run }) => run !== null);
  if (!cells.some((cell) => cell.best)) return "";
  const first = `${best} marks the best of a column${several ? " in each run" : ""}`;
  if (!cells.some((cell) => cell.uncertain)) return `${first}.`;
  return `${first}, ${uncertainSign} what is too uncertain to be told apart from it.`;
}
