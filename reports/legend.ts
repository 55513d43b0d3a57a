import { timesDiffer } from "./between-runs.ts";
import { intervalLegend } from "./interval-legend.ts";
import type { Summary } from "./summary.ts";

/** How a report shows what its tables say. */
export interface Signs {
  /** Where intervals stand: `Below a figure`. */
  readonly interval: string;
  /** What marks the best: `*`. */
  readonly best: string;
}

/** How to read the tables, in one paragraph. */
export function legendOf({ scenarios }: Summary, { interval, best }: Signs): string {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const several = rows.some(({ run }) => run !== null);
  return [
    intervalLegend(rows, interval),
    `${best} marks the best of a column${several ? " in each run" : ""} and what can't be told apart ` +
      "from it; with a single trial that may be chance.",
    "Latency is the time received less the time due.",
    ...(rows.some(({ reference }) => reference) ? [floorMeaning] : []),
    ...(several ? [timesDiffer] : []),
  ].join(" ");
}

const floorMeaning =
  "The floor is what the machine and the harness need for the least that could be a transport: " +
  "what lies below it is not the transport's.";
