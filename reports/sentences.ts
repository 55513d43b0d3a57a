import { differ } from "../bench/results/statistics.ts";
import type { Estimate } from "../bench/results/statistics.ts";
import { columnFormat, digits, listing } from "./format.ts";
import { precisionSentences } from "./precision.ts";
import type { Run } from "./run.ts";
import type { Column, ScenarioSummary, Summary } from "./summary.ts";

const mostNamed = 6;

interface Standing {
  readonly variant: string;
  readonly reference: boolean;
  readonly estimate: Estimate;
  readonly atLeast: boolean;
  readonly isRange: boolean;
}

/** What all runs found, each by itself: what lies between two runs is mostly the time between them. */
export function findings(runs: readonly Run[], { scenarios }: Summary): string[] {
  return runs.flatMap(({ label, results }) => {
    const found = [
      ...scenarios.flatMap((scenario) => sentences(scenario, label)),
      ...precisionSentences(results.run.precision),
    ];
    return label === null ? found : found.map((sentence) => `${label}: ${sentence}`);
  });
}

/** What a scenario found in one run, in plain sentences that claim no more than the intervals allow. */
export function sentences(scenario: ScenarioSummary, run: string | null = null): string[] {
  return scenario.tables.flatMap(({ columns, rows: all }) =>
    columns.flatMap((column, index) => {
      if (!column.headline) return [];
      const rows = all.filter((row) => row.run === run);
      const known = rows.flatMap(({ variant, reference, cells }): Standing[] => {
        const cell = cells[index];
        if (cell?.estimate == null) return [];
        const { estimate, atLeast, isRange } = cell;
        return [{ variant, reference, estimate, atLeast, isRange }];
      });
      const standings = known.filter(({ reference }) => !reference);
      if (standings.length === 0) return [];
      const floor = known.find(({ reference }) => reference) ?? null;
      return [sentence(scenario.name, column, standings, floor)];
    }),
  );
}

function sentence(
  scenario: string,
  column: Column,
  standings: readonly Standing[],
  floor: Standing | null,
): string {
  const sign = column.better === "higher" ? -1 : 1;
  const ordered = standings.toSorted((a, b) => sign * (a.estimate.median - b.estimate.median));
  const [best, ...others] = ordered;
  if (best === undefined) return "";
  const format = columnFormat(
    column.unit,
    [...ordered, ...(floor === null ? [] : [floor])].map(({ estimate }) => estimate.median),
  );
  const value = ({ estimate, atLeast, isRange }: Standing): string => {
    const { median, interval } = estimate;
    const most = isRange && interval !== null ? ` to ${format.number(interval.high)}` : "";
    return `${atLeast ? "at least " : ""}${format.number(median)}${most}${format.unit === "" ? "" : ` ${format.unit}`}`;
  };
  const name = `${scenario}, ${column.label.replaceAll("\n", " ")}`;
  // There is a floor only under what had better be low, and only if it was found itself.
  const low = floor !== null && column.better === "lower" && !floor.atLeast && !best.atLeast;
  const above = low ? [aboveFloor(best, floor, value(floor))] : [];
  const told = (parts: readonly string[]): string => `${[...parts, ...above].join("; ")}.`;
  if (others.length === 0) return told([`${name}: ${best.variant} ${value(best)}`]);
  if (ordered.some(({ atLeast }) => atLeast)) {
    const all = new Set(ordered.map(value));
    if (all.size === 1) return `${name}: ${value(best)} with every variant.`;
    const named = ordered.map((one) => `${one.variant} ${value(one)}`);
    return `${name}: ${listing(few(named, "more"))}.`;
  }
  const single = ordered.some(({ estimate }) => estimate.interval === null);
  const equals = others.filter((other) => !differ(other.estimate, best.estimate));
  const behind = others.filter((other) => differ(other.estimate, best.estimate));
  const lead = column.better === "higher" ? "highest" : "lowest";
  const behindTexts = behind.map(
    (one) =>
      `${one.variant} has ${ratio(one.estimate.median, best.estimate.median)} (${value(one)})`,
  );
  const equalTexts = equals.map((one) => `${one.variant} (${value(one)})`);
  const parts = [
    `${name} is ${lead} with ${best.variant} (${value(best)})`,
    ...(equals.length > 0
      ? [`${listing(few(equalTexts, "more"))} can't be told apart from it`]
      : []),
    ...(behind.length > 0 ? [listing(few(behindTexts, "more are told apart from it, too"))] : []),
  ];
  const caution = single && behind.length > 0 ? " One trial each: the order may be chance." : "";
  return told(parts) + caution;
}

/** A sentence that names more is read by no one; the tables have them all. */
function few(texts: readonly string[], others: string): readonly string[] {
  if (texts.length <= mostNamed + 1) return texts;
  return [...texts.slice(0, mostNamed), `${texts.length - mostNamed} ${others}`];
}

function aboveFloor(best: Standing, floor: Standing, value: string): string {
  return differ(best.estimate, floor.estimate)
    ? `the floor, ${floor.variant}, is ${value}`
    : `${best.variant} can't be told apart from the floor, ${floor.variant} (${value})`;
}

function ratio(value: number, best: number): string {
  if (best === 0) return "more";
  return `${digits(value / best)} times that`;
}
