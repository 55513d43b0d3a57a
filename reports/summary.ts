import type { Figure, Results, Trial, Warning } from "../bench/results/schema.ts";
import { estimate } from "../bench/results/statistics.ts";
import type { Estimate } from "../bench/results/statistics.ts";
import { warningMeanings } from "../bench/results/warnings.ts";

/** What the results come to: what every report shows, each in its way. */
export interface Summary {
  readonly scenarios: readonly ScenarioSummary[];
}

export interface ScenarioSummary {
  readonly name: string;
  readonly about: string;
  readonly workload: string;
  readonly tables: readonly Table[];
  /** Why to doubt some of it, and what was left out. */
  readonly doubts: readonly Doubt[];
}

export interface Table {
  /** Empty for the scenario's main table. */
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export type Column = Pick<Figure, "key" | "label" | "unit" | "better"> & {
  readonly about: string | null;
  readonly headline: boolean;
};

export interface Row {
  readonly variant: string;
  /** Valid trials, of those played and planned. */
  readonly valid: number;
  readonly played: number;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** Null when it could not be had. */
  readonly estimate: Estimate | null;
  /** For figures that are words. */
  readonly text: string | null;
  readonly atLeast: boolean;
  /** Best of its column, or not told apart from the best. */
  readonly best: boolean;
  /** Why there is no figure, or what is special about it. */
  readonly remark: string | null;
}

export interface Doubt {
  /** The rows it concerns. */
  readonly variants: readonly string[];
  readonly text: string;
}

export function summarise(results: Results): Summary {
  return {
    scenarios: results.scenarios.map(({ name, summary, workload }) => {
      const trials = results.trials.filter((trial) => trial.scenario === name);
      return {
        name,
        about: summary,
        workload,
        tables: tablesOf(results, trials),
        doubts: [...outcomeDoubts(trials), ...warningDoubts(trials)],
      };
    }),
  };
}

/** A table for each title, a column for each figure, in the order in which scenarios state them. */
function tablesOf(results: Results, trials: readonly Trial[]): Table[] {
  const figures = trials.flatMap((trial) => trial.figures);
  const titles = unique(["", ...figures.map((figure) => figure.table)]);
  return titles.map((title) => {
    const columns = columnsOf(figures.filter((figure) => figure.table === title));
    const rows = results.variants
      .map(({ name }) => rowOf(name, trials, columns))
      .filter(({ cells, played }) => played > 0 && (title === "" || cells.some(hasContent)));
    return { title, columns, rows: markBest(rows, columns) };
  });
}

function columnsOf(figures: readonly Figure[]): Column[] {
  return unique(figures.map(({ key }) => key)).flatMap((key) => {
    const figure = figures.find((candidate) => candidate.key === key);
    if (figure === undefined) return [];
    const { label, unit, better, about = null, headline = false } = figure;
    return [{ key, label, unit, better, about, headline }];
  });
}

function rowOf(variant: string, all: readonly Trial[], columns: readonly Column[]): Row {
  const played = all.filter((trial) => trial.variant === variant);
  const valid = played.filter(({ outcome }) => outcome.status === "valid");
  return {
    variant,
    valid: valid.length,
    played: played.length,
    cells: columns.map((column) => cellOf(column, valid)),
  };
}

function cellOf({ key }: Column, valid: readonly Trial[]): Cell {
  const figures = valid.flatMap((trial) => trial.figures.filter((figure) => figure.key === key));
  const values = figures.map(({ value }) => value);
  const numbers = values.filter((value) => typeof value === "number");
  const texts = unique(values.filter((value) => typeof value === "string"));
  const telling = figures.find(({ value, bound }) => value === null || bound === "at least");
  return {
    // A trial without the figure would bias the rest: all of them or none.
    estimate: numbers.length === valid.length ? estimate(numbers) : null,
    text: texts.length > 0 ? texts.join(" / ") : null,
    atLeast: figures.some(({ bound }) => bound === "at least"),
    best: false,
    remark: (telling ?? figures[0])?.note ?? null,
  };
}

function hasContent(cell: Cell): boolean {
  return cell.estimate !== null || cell.text !== null;
}

/** The best in each column, together with all whose interval reaches the best one's. */
function markBest(rows: readonly Row[], columns: readonly Column[]): Row[] {
  const bestOf = columns.map(({ better }, index) => {
    const known = rows.flatMap(({ cells }) => cells[index]?.estimate ?? []);
    if (better === "neither" || known.length < 2) return null;
    const sign = better === "lower" ? 1 : -1;
    const best = known.reduce((a, b) => (sign * b.median < sign * a.median ? b : a));
    // Where all are alike there is no best.
    return known.some((one) => differ(one, best)) ? best : null;
  });
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, index) => {
      const best = bestOf[index];
      const marked = cell.estimate !== null && best != null && !differ(cell.estimate, best);
      return { ...cell, best: marked };
    }),
  }));
}

/** Whether two estimates can be told apart: their intervals have no value in common. */
export function differ(a: Estimate, b: Estimate): boolean {
  if (a.interval === null || b.interval === null) return a.median !== b.median;
  return a.interval.high < b.interval.low || b.interval.high < a.interval.low;
}

function outcomeDoubts(trials: readonly Trial[]): Doubt[] {
  return trials.flatMap(({ variant, repetition, outcome }) => {
    if (outcome.status === "failed") {
      const lastWords = outcome.stderr.trim().split("\n").at(-1) ?? "";
      const tail = lastWords === "" ? "" : ` (${lastWords})`;
      return [
        { variants: [variant], text: `trial ${repetition} failed: ${outcome.reason}${tail}` },
      ];
    }
    if (outcome.status === "interrupted") {
      return [{ variants: [variant], text: `trial ${repetition} was interrupted` }];
    }
    return [];
  });
}

/** One doubt for each kind of warning, with all whom it concerns. */
function warningDoubts(trials: readonly Trial[]): Doubt[] {
  const raised = trials.flatMap((trial) =>
    trial.warnings.map((warning) => ({ trial, warning, place: placeOf(trial, warning) })),
  );
  return unique(raised.map(({ warning }) => warning.code)).map((code) => {
    const same = raised.filter(({ warning }) => warning.code === code);
    const { meaning, advice, invalidates } = warningMeanings[code];
    const places = same.slice(0, 3).map(({ place }) => place);
    if (same.length > places.length) places.push(`${same.length - places.length} more`);
    const effect = invalidates ? "; these trials don't count" : "";
    return {
      variants: unique(same.map(({ trial }) => trial.variant)),
      text: `${code}: ${meaning}${effect} (${places.join("; ")}). Advice: ${advice}.`,
    };
  });
}

function placeOf(trial: Trial, warning: Warning): string {
  return `${trial.variant}, trial ${trial.repetition}, ${warning.phase}: ${warning.detail}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
