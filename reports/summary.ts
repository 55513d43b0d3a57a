import { areAsIs } from "./as-is.ts";
import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { placeSeed } from "../bench/statistics/estimate.ts";
import { atlasOf } from "./atlas/atlas.ts";
import type { Atlas } from "./atlas/atlas.ts";
import { cellOf, emptyCell, marked } from "./cells.ts";
import type { Column, Row } from "./cells.ts";
import { doubtsOf, whyNone } from "./doubts.ts";
import type { Doubt } from "./doubts.ts";
import { groupBy } from "./group-by.ts";
import { inGroups } from "./groups.ts";
import type { Run } from "./run.ts";
import { twoByTwo } from "./two-by-two.ts";

/** What the results come to: what every report shows, each in its way. */
export interface Summary {
  /** Whether nothing was due: endpoints were asked as they are. */
  readonly asIs?: true;
  readonly scenarios: readonly ScenarioSummary[];
}

export interface ScenarioSummary {
  readonly name: string;
  readonly about: string;
  readonly workload: string;
  readonly tables: readonly Table[];
  /** Why to doubt some of it, and what was left out. */
  readonly doubts: readonly Doubt[];
  /** Of each run in which it looked for what proxies do. */
  readonly atlases: readonly Atlas[];
}

export interface Table {
  /** Empty for the scenario's main table. */
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Whether its columns are of several scenarios: then it is these that say on how many trials they rest. */
  readonly acrossScenarios: boolean;
  /** Whether its figures are differences already, which aren't held against a base. */
  readonly ofDifferences?: true;
}

/** A run that played a scenario, with what it played of it. */
interface Played extends Run {
  readonly about: string;
  readonly workload: string;
  readonly trials: readonly Trial[];
}

/**
 * What every scenario found that any of the runs played. Rows of the same variant stand one below the other,
 * in the order of the runs; variants stand in groups.
 */
export function summarise(runs: readonly Run[]): Summary {
  const scenarios = runs.flatMap(({ results }) => results.scenarios.map(({ name }) => name));
  return {
    ...(areAsIs(runs) && { asIs: true as const }),
    scenarios: [...new Set(scenarios)].map((name) => summariseScenario(name, runs)),
  };
}

function summariseScenario(name: string, runs: readonly Run[]): ScenarioSummary {
  const played = runs.flatMap(({ label, results }): Played[] => {
    const scenario = results.scenarios.find((scenario) => scenario.name === name);
    if (scenario === undefined) return [];
    const trials = results.trials.filter((trial) => trial.scenario === name);
    return [{ label, results, about: scenario.summary, workload: scenario.workload, trials }];
  });
  const titles = played.flatMap(({ trials }) => [
    "",
    ...figuresOf(trials).map(({ table }) => table),
  ]);
  const tables = [...new Set(titles)].map((title) => tableOf(name, title, played));
  return {
    name,
    about: played[0]?.about ?? "",
    workload: workloadOf(played, runs.length),
    tables: [...tables, ...twoByTwo(name, played, tables)],
    doubts: played.flatMap(({ label, trials }) => doubtsOf(trials, label)),
    atlases: played.flatMap(({ label, results }) => atlasOf(results, name, label) ?? []),
  };
}

/** Given once where it is that of every run. */
function workloadOf(played: readonly Played[], runs: number): string {
  const different = new Set(played.map(({ workload }) => workload));
  if (different.size === 1 && played.length === runs) return [...different].join("");
  return played.map(({ label, workload }) => `${label ?? ""}: ${workload}`).join("; ");
}

/** `sse`, and with several runs `sse, before`. */
export function subjectName({ variant, run }: Pick<Row, "variant" | "run">): string {
  return run === null ? variant : `${variant}, ${run}`;
}

/**
 * A column for each figure, in the order in which scenarios state them. The main table has a row for every
 * variant, also without a valid trial; the others for those that state something in them.
 */
function tableOf(scenario: string, title: string, played: readonly Played[]): Table {
  const stated = played.map(({ trials }) =>
    columnsOf(figuresOf(trials).filter(({ table }) => table === title)),
  );
  const columns = [...groupBy(stated.flat(), identityOf).values()].flatMap(
    ([first]) => first ?? [],
  );
  const rows = played.flatMap((run, index) => {
    const own = new Map(stated[index]?.map((column) => [identityOf(column), column]));
    return marked(
      rowsOf(
        scenario,
        title,
        run,
        columns.map((column) => own.get(identityOf(column)) ?? null),
      ),
      columns,
    );
  });
  return { title, columns, rows: inGroups(rows), acrossScenarios: false };
}

function columnsOf(figures: readonly Figure[]): Column[] {
  return [...groupBy(figures, ({ key }) => key).values()].flatMap(([figure]) => {
    if (figure === undefined) return [];
    const { key, label, unit, better, about = null, headline = false } = figure;
    const { counted = false, words = null, adds = null } = figure;
    return [{ key, label, unit, better, about, headline, counted, words, adds }];
  });
}

/** A figure whose unit has changed is another figure. */
function identityOf({ key, unit }: Column): string {
  return JSON.stringify([key, unit]);
}

/** The rows of one run; null among the columns for what only others have. */
function rowsOf(
  scenario: string,
  title: string,
  { label, results, trials }: Played,
  columns: readonly (Column | null)[],
): Row[] {
  const cells = results.cells.filter((cell) => cell.scenario === scenario);
  const known = new Set([...cells, ...trials].map(({ variant }) => variant));
  return results.variants.flatMap((variant): Row[] => {
    const { name, reference } = variant;
    const played = trials.filter((trial) => trial.variant === name);
    const isStated = figuresOf(played).some(({ table }) => table === title);
    if (!known.has(name) || (title !== "" && !isStated)) return [];
    const valid = played.filter(({ outcome }) => outcome.status === "valid");
    const none = valid.length > 0 ? null : whyNone(played);
    const seedOf = (key: string): number => placeSeed(results.run.seed, scenario, name, key);
    return [
      {
        variant: name,
        title: titleOf(variant),
        transport: variant.transport,
        run: label,
        reference,
        valid: valid.length,
        played: played.length,
        none,
        cells: columns.map((column) =>
          column === null
            ? emptyCell(none ?? "this run doesn't have it")
            : cellOf(column, seedOf(column.key), valid, played, none),
        ),
      },
    ];
  });
}

/** `SSE:eventsource`: with what the variant has that its transport hasn't. */
function titleOf({ name, transport, title }: Results["variants"][number]): string {
  return name.startsWith(transport) ? title + name.slice(transport.length) : name;
}

function figuresOf(trials: readonly Trial[]): Figure[] {
  return trials.flatMap(({ figures }) => figures);
}
