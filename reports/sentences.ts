import type { Estimate } from "../bench/results/statistics.ts";
import { columnFormat, digits, listing } from "./format.ts";
import { differ } from "./summary.ts";
import type { Column, ScenarioSummary } from "./summary.ts";

interface Standing {
  readonly variant: string;
  readonly estimate: Estimate;
  readonly atLeast: boolean;
}

/** What a scenario found, in plain sentences that claim no more than the intervals allow. */
export function sentences(scenario: ScenarioSummary): string[] {
  return scenario.tables.flatMap(({ columns, rows }) =>
    columns.flatMap((column, index) => {
      if (!column.headline) return [];
      const standings = rows.flatMap(({ variant, cells }): Standing[] => {
        const cell = cells[index];
        if (cell?.estimate == null) return [];
        return [{ variant, estimate: cell.estimate, atLeast: cell.atLeast }];
      });
      return standings.length === 0 ? [] : [sentence(scenario.name, column, standings)];
    }),
  );
}

function sentence(scenario: string, column: Column, standings: readonly Standing[]): string {
  const sign = column.better === "higher" ? -1 : 1;
  const ordered = standings.toSorted((a, b) => sign * (a.estimate.median - b.estimate.median));
  const [best, ...others] = ordered;
  if (best === undefined) return "";
  const format = columnFormat(
    column.unit,
    ordered.map(({ estimate }) => estimate.median),
  );
  const value = ({ estimate, atLeast }: Standing): string =>
    `${atLeast ? "at least " : ""}${format.number(estimate.median)}${format.unit === "" ? "" : ` ${format.unit}`}`;
  const name = `${scenario}, ${column.label.replaceAll("\n", " ")}`;
  if (others.length === 0) return `${name}: ${best.variant} ${value(best)}.`;
  if (ordered.some(({ atLeast }) => atLeast)) {
    const all = new Set(ordered.map(value));
    if (all.size === 1) return `${name}: ${value(best)} with every variant.`;
    return `${name}: ${listing(ordered.map((one) => `${one.variant} ${value(one)}`))}.`;
  }
  const single = ordered.some(({ estimate }) => estimate.interval === null);
  const equals = others.filter((other) => !differ(other.estimate, best.estimate));
  const behind = others.filter((other) => differ(other.estimate, best.estimate));
  const lead = column.better === "higher" ? "highest" : "lowest";
  const parts = [
    `${name} is ${lead} with ${best.variant} (${value(best)})`,
    ...(equals.length > 0
      ? [
          `${listing(equals.map((one) => `${one.variant} (${value(one)})`))} can't be told apart from it`,
        ]
      : []),
    ...(behind.length > 0
      ? [
          listing(
            behind.map(
              (one) =>
                `${one.variant} has ${ratio(one.estimate.median, best.estimate.median)} (${value(one)})`,
            ),
          ),
        ]
      : []),
  ];
  const caution = single && behind.length > 0 ? " One trial each: the order may be chance." : "";
  return `${parts.join("; ")}.${caution}`;
}

function ratio(value: number, best: number): string {
  if (best === 0) return "more";
  return `${digits(value / best)} times that`;
}
