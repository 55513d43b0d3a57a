import { emptyCell, shownIn } from "./cells.ts";
import { inGroups } from "./groups.ts";
import type { ScenarioSummary, Summary, Table } from "./summary.ts";
import type { Cell, Column, Row } from "./cells.ts";
import { sum } from "../bench/statistics/basics.ts";

/** A figure that matters beside the headlines; `label` where its own says it only under its table's title. */
interface Further {
  readonly key: string;
  readonly label: string | null;
}

/** Losses come first: no percentile is shown without them. */
const loss = "loss";

/** By what they are worth to somebody who has to choose, the most first. */
const further: readonly Further[] = [
  { key: "delivery.p99", label: null },
  { key: "idle", label: null },
  { key: "memory", label: null },
  { key: "cpu.server", label: "server CPU,\nms/1000 deliveries" },
];

/** A table that is wider than this is read by no one. Headlines, with their losses, are never left out. */
const maxColumns = 10;

/** Where a column of the overview comes from. */
interface Source {
  readonly scenario: ScenarioSummary;
  readonly table: Table;
  /** Of its cells in the rows of `table`. */
  readonly index: number;
  readonly column: Column;
}

/**
 * One table of all variants over all scenarios: the headlines, and what else matters of what was stated.
 * Its columns are known by scenario and key, as in `latency.delivery.p50`; `valid` and `played` are
 * counts over all scenarios.
 */
export function overviewOf({ scenarios }: Summary): Table {
  const stated = scenarios.flatMap(sourcesOf);
  const chosen = choose(stated);
  return {
    title: "",
    acrossScenarios: true,
    columns: chosen.map(columnOf),
    rows: subjectsOf(scenarios).map((row) =>
      Object.assign(row, { cells: chosen.map((source) => cellOf(source, row)) }),
    ),
  };
}

function sourcesOf(scenario: ScenarioSummary): Source[] {
  return scenario.tables.flatMap((table) =>
    table.columns.map((column, index) => ({ scenario, table, index, column })),
  );
}

/** In the order in which scenarios state them. */
function choose(stated: readonly Source[]): Source[] {
  const chosen = new Set(stated.filter(({ column }) => column.headline));
  const scenarios = new Set([...chosen].filter(isPercentile).map(({ scenario }) => scenario));
  for (const source of stated) {
    if (source.column.key === loss && scenarios.has(source.scenario)) chosen.add(source);
  }
  for (const { key } of further) {
    const first = stated.find((source) => source.column.key === key && isKnown(source));
    if (first !== undefined && chosen.size < maxColumns) chosen.add(first);
  }
  return stated.filter((source) => chosen.has(source));
}

function isPercentile({ column }: Source): boolean {
  return column.key.startsWith("delivery.");
}

function isKnown({ table, index }: Source): boolean {
  return table.rows.some(({ cells }) => {
    const cell = cells[index];
    return cell !== undefined && shownIn(cell) !== null;
  });
}

/** The scenario, the figure, and on how many trials it rests, a line each. */
function columnOf(source: Source): Column {
  const { scenario, table, column } = source;
  const own = further.find(({ key }) => key === column.key)?.label ?? column.label;
  const about = [table.title, column.about ?? ""].filter((text) => text !== "").join("; ");
  return {
    ...column,
    key: `${scenario.name}.${column.key}`,
    label: [scenario.name, own.replaceAll("\n", " "), ...trialsOf(source)].join("\n"),
    about: about === "" ? null : about,
  };
}

/** Nothing where nobody has a figure. */
function trialsOf({ table, index }: Source): string[] {
  const counts = table.rows.flatMap(({ cells }) => cells[index]?.estimate?.trials ?? []);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (counts.length === 0) return [];
  if (fewest !== most) return [`over ${fewest} to ${most} trials`];
  return [most === 1 ? "of 1 trial" : `over ${most} trials`];
}

/** Everybody who stands in some scenario's main table, in groups. */
function subjectsOf(scenarios: readonly ScenarioSummary[]): Omit<Row, "cells">[] {
  const rows = scenarios.flatMap(({ tables }) => tables[0]?.rows ?? []);
  const names = [...new Set(rows.map(({ variant }) => variant))];
  const runs = [...new Set(rows.map(({ run }) => run))];
  return inGroups(
    names.flatMap((variant) =>
      runs.flatMap((run) => {
        const same = rows.filter((row) => row.variant === variant && row.run === run);
        return same.length === 0 ? [] : [together(variant, run, same)];
      }),
    ),
  );
}

function together(variant: string, run: string | null, rows: readonly Row[]): Omit<Row, "cells"> {
  const reasons = rows.flatMap(({ none }) => none ?? []);
  return {
    variant,
    title: rows[0]?.title ?? variant,
    transport: rows[0]?.transport ?? variant,
    run,
    reference: rows.some(({ reference }) => reference),
    valid: sum(rows.map(({ valid }) => valid)),
    played: sum(rows.map(({ played }) => played)),
    none: reasons.length === rows.length ? [...new Set(reasons)].join("; ") : null,
  };
}

function cellOf({ scenario, table, index }: Source, { variant, run }: Omit<Row, "cells">): Cell {
  const isSame = (row: Row): boolean => row.variant === variant && row.run === run;
  const cell = table.rows.find(isSame)?.cells[index];
  if (cell !== undefined) return cell;
  const main = scenario.tables[0]?.rows.find(isSame);
  // A table beside the main one has no row for whom no trial came to state its figures.
  const remark = main === undefined ? "not played" : (main.none ?? "this variant doesn't have it");
  return emptyCell(remark);
}
