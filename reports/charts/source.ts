import { groupBy } from "../group-by.ts";
import { shortListing } from "../../bench/text/format.ts";
import type { Results, Trial, Workload } from "../../bench/results/schema.ts";
import type { Run } from "../run.ts";
import { subjectName, summarise } from "../summary.ts";
import type { ScenarioSummary } from "../summary.ts";
import type { Cell, Column, Row } from "../cells.ts";
import type { Axis, Chart, Style } from "./chart.ts";
import { fileSafe } from "./file-safe.ts";
import { stylesOf } from "./style.ts";

/** What charts of one scenario are drawn from. */
export interface ChartSource {
  readonly scenario: ScenarioSummary;
  /** In the order of the rows of the scenario's main table. */
  readonly subjects: readonly Subject[];
}

/** One variant of one run: a line, or a row of bars. */
export interface Subject {
  /** `sse`, and with several runs `sse, before`. */
  readonly name: string;
  readonly variant: string;
  readonly run: string | null;
  readonly reference: boolean;
  /** Between two polls of a client; null where it doesn't poll on a grid. */
  readonly pollIntervalMs: number | null;
  readonly delivery: Results["variants"][number]["delivery"];
  readonly style: Style;
  readonly workload: Workload | null;
  /** Its row of the main table, which says why where there is no valid trial. */
  readonly row: Row;
  /** The valid ones of this scenario. */
  readonly trials: readonly Trial[];
}

/** A subject among commas: `SSE`, and with several runs `SSE (before)`. */
export function nameInText({ run, row: { title } }: Subject): string {
  return run === null ? title : `${title} (${run})`;
}

/** By what a chart of the scenario is known, and what it draws of which workload. */
export function aboutChart(
  { scenario: { name, workload } }: ChartSource,
  kind: string,
  drawn: string,
): Pick<Chart, "name" | "scenario" | "caption"> {
  return { name: `${fileSafe(name)}-${kind}`, scenario: name, caption: `${drawn}; ${workload}` };
}

/** A row for each of them. */
export function rowsOf(subjects: readonly Subject[]): Axis {
  const names = subjects.map(({ name }) => name);
  return { title: "variant", unit: "", scale: "category", names };
}

/** Why a subject has nothing to draw. */
export interface Unstated {
  readonly subject: Subject;
  readonly why: string;
}

/** Each reason once, with whom it concerns. */
export function reasonsOf(
  missing: readonly Unstated[],
): { readonly why: string; readonly names: string; readonly count: number }[] {
  return [...groupBy(missing, ({ why }) => why)].map(([why, same]) => ({
    why,
    names: shortListing(same.map(({ subject }) => nameInText(subject))),
    count: same.length,
  }));
}

export interface StatedFigure {
  readonly column: Column;
  readonly cell: Cell;
}

export function sourcesOf(runs: readonly Run[]): ChartSource[] {
  const styles = stylesOf(runs);
  return summarise(runs).scenarios.map((scenario) => ({
    scenario,
    subjects: (scenario.tables[0]?.rows ?? []).map((row) => subjectOf(runs, scenario, row, styles)),
  }));
}

function subjectOf(
  runs: readonly Run[],
  scenario: ScenarioSummary,
  row: Row,
  styles: ReadonlyMap<string, Style>,
): Subject {
  const { variant, run, reference } = row;
  const results = runs.find(({ label }) => label === run)?.results;
  const stated = results?.variants.find((candidate) => candidate.name === variant);
  const isOwn = (played: { variant: string; scenario: string }): boolean =>
    played.variant === variant && played.scenario === scenario.name;
  const name = subjectName(row);
  return {
    name,
    variant,
    run,
    reference,
    pollIntervalMs: stated?.pollIntervalMs ?? null,
    delivery: stated?.delivery ?? "push",
    style: styles.get(name) ?? { colour: "floor", dash: 0, marker: 0 },
    workload: results?.cells.find(isOwn)?.workload ?? null,
    row,
    trials: (results?.trials ?? []).filter(
      (trial) => isOwn(trial) && trial.outcome.status === "valid",
    ),
  };
}

/** The scenario's headline figure; null where it has none. */
export function headlineKey({ scenario }: ChartSource): string | null {
  const columns = scenario.tables.flatMap((table) => table.columns);
  return columns.find(({ headline }) => headline)?.key ?? null;
}

/** What a subject has for a figure, whatever table it stands in; null where it states none. */
export function figureOf(
  { scenario }: ChartSource,
  { variant, run }: Subject,
  key: string,
): StatedFigure | null {
  for (const { columns, rows } of scenario.tables) {
    const index = columns.findIndex((column) => column.key === key);
    const row = rows.find((row) => row.variant === variant && row.run === run);
    const [column, cell] = [columns[index], row?.cells[index]];
    if (column !== undefined && cell !== undefined) return { column, cell };
  }
  return null;
}

/** The points of the series of figures `<key>.at<x>`, by x, smallest first. */
export function seriesOf(
  source: ChartSource,
  subject: Subject,
  key: string,
): (StatedFigure & { readonly at: number })[] {
  const keys = new Set(
    source.scenario.tables.flatMap(({ columns }) => columns.map((column) => column.key)),
  );
  return [...keys]
    .flatMap((name) => {
      const at = name.startsWith(`${key}.at`) ? Number(name.slice(key.length + 3)) : Number.NaN;
      const stated = Number.isFinite(at) ? figureOf(source, subject, name) : null;
      return stated === null ? [] : [{ ...stated, at }];
    })
    .toSorted((a, b) => a.at - b.at);
}
