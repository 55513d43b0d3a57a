import { groupedBy } from "./grouped.ts";
import type { Run } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Column, Row, ScenarioSummary, Summary, Table, Cell } from "./summary.ts";

/** Several runs side by side: rows of the same variant one below the other, in the order of the runs. */
export function summariseRuns(runs: readonly Run[]): Summary {
  return {
    scenarios: merged(runs.map(({ label, results }) => ({ label, ...summarise(results, label) }))),
  };
}

/** The figures of one of several runs. */
export interface LabelledScenarios {
  readonly label: string | null;
  readonly scenarios: readonly ScenarioSummary[];
}

/**
 * Scenarios of several runs as one list, each with the tables and rows of all runs that played it. Variants
 * keep the order in which they first appear, references last.
 */
function merged(runs: readonly LabelledScenarios[]): readonly ScenarioSummary[] {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) return first?.scenarios ?? [];
  const names = [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))];
  return names.flatMap((name) => {
    const same = runs.flatMap(({ scenarios }) => scenarios.filter((one) => one.name === name));
    const [one] = same;
    if (one === undefined) return [];
    const titles = [...new Set(same.flatMap(({ tables }) => tables.map(({ title }) => title)))];
    return [
      {
        name,
        about: one.about,
        workload: workloadOf(name, runs),
        tables: titles.map((title) => mergedTable(title, tablesWith(same, title))),
        doubts: same.flatMap(({ doubts }) => doubts),
      },
    ];
  });
}

/** Told once where it is that of every run. */
function workloadOf(name: string, runs: readonly LabelledScenarios[]): string {
  const played = runs.flatMap(({ label, scenarios }) =>
    scenarios.flatMap((one) => (one.name === name ? [{ label, workload: one.workload }] : [])),
  );
  const different = [...new Set(played.map(({ workload }) => workload))];
  if (different.length === 1 && played.length === runs.length) return different.join("");
  return played.map(({ label, workload }) => `${label ?? ""}: ${workload}`).join("; ");
}

function tablesWith(scenarios: readonly ScenarioSummary[], title: string): Table[] {
  return scenarios.flatMap(({ tables }) => tables.filter((table) => table.title === title));
}

function mergedTable(title: string, tables: readonly Table[]): Table {
  const columns = mergedColumns(tables);
  const rows = tables.flatMap((table) => table.rows.map((row) => withColumns(row, table, columns)));
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  return {
    title,
    acrossScenarios: false,
    columns,
    rows: rows.toSorted(
      (a, b) =>
        Number(a.reference) - Number(b.reference) ||
        variants.indexOf(a.variant) - variants.indexOf(b.variant),
    ),
  };
}

/** A figure whose unit has changed is another figure. */
function mergedColumns(tables: readonly Table[]): Column[] {
  const columns = groupedBy(
    tables.flatMap((table) => table.columns),
    identity,
  );
  return [...columns.values()].flatMap(([first]) => first ?? []);
}

function withColumns(row: Row, table: Table, columns: readonly Column[]): Row {
  const index = new Map(table.columns.map((column, place) => [identity(column), place]));
  const nothing = emptyCell(row.none ?? "this run doesn't have it");
  const cells = columns.map((column) => row.cells[index.get(identity(column)) ?? -1] ?? nothing);
  return { ...row, cells };
}

function identity({ key, unit }: Column): string {
  return JSON.stringify([key, unit]);
}

/** A cell without a figure; the remark says why. */
export function emptyCell(remark: string): Cell {
  return {
    estimate: null,
    invalid: null,
    text: null,
    atLeast: false,
    isRange: false,
    best: false,
    uncertain: false,
    remark,
  };
}
