import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { medianOf } from "../bench/statistics/basics.ts";
import {
  confidenceOf,
  differ,
  estimate,
  isRanked,
  placeSeed,
} from "../bench/statistics/estimate.ts";
import type { Estimate } from "../bench/statistics/estimate.ts";
import { doubtsOf, whyNone } from "./doubts.ts";
import type { Doubt } from "./doubts.ts";
import { bestOf } from "./ranking.ts";

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
  /** Whether its columns are of several scenarios: then it is these that say on how many trials they rest. */
  readonly acrossScenarios: boolean;
}

export type Column = Pick<Figure, "key" | "label" | "unit" | "better"> & {
  readonly about: string | null;
  readonly headline: boolean;
  readonly counted: boolean;
  /** Null where the scenario has none for it. */
  readonly words: Words | null;
};

export type Words = NonNullable<Figure["words"]>;

export interface Row {
  readonly variant: string;
  /** By which a sentence calls the variant. */
  readonly title: string;
  /** The label of its run; null where there is only one. */
  readonly run: string | null;
  /** Shown as the floor, and not compared with: what lies below it is not the transport's. */
  readonly reference: boolean;
  /** Valid trials, of those played. */
  readonly valid: number;
  readonly played: number;
  /** Why it has no figures at all; null when a trial is valid. */
  readonly none: string | null;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** Null when it could not be had. */
  readonly estimate: Estimate | null;
  /** The median over invalid trials, where there is no valid one: to be seen, but not to be counted. */
  readonly invalid: number | null;
  /** For figures that are words. */
  readonly text: string | null;
  readonly atLeast: boolean;
  /** Whether it is only known to lie in its interval, in each trial. */
  readonly isRange: boolean;
  /** Has the best median of its column; never a reference. */
  readonly best: boolean;
  /** Can't be told apart from the best, but may be worse: too few trials, or too scattered ones, to say. */
  readonly uncertain: boolean;
  /** Why there is no figure, or what is special about it. */
  readonly remark: string | null;
}

/** `label` tells the run from others that it stands beside; null where it is the only one. */
export function summarise(results: Results, label: string | null = null): Summary {
  return {
    scenarios: results.scenarios.map(({ name, summary, workload }) => {
      const trials = results.trials.filter((trial) => trial.scenario === name);
      return {
        name,
        about: summary,
        workload,
        tables: tablesOf(results, label, name, trials),
        doubts: doubtsOf(trials, label),
      };
    }),
  };
}

/** `sse`, and with several runs `sse, before`. */
export function subjectName({ variant, run }: Pick<Row, "variant" | "run">): string {
  return run === null ? variant : `${variant}, ${run}`;
}

/**
 * A table for each title, a column for each figure, in the order in which scenarios state them. The main
 * one has a row for every variant, also without a valid trial; the others for those that state something
 * in them. References come last.
 */
function tablesOf(
  results: Results,
  run: string | null,
  scenario: string,
  trials: readonly Trial[],
): Table[] {
  const figures = trials.flatMap((trial) => trial.figures);
  const titles = [...new Set(["", ...figures.map((figure) => figure.table)])];
  const cells = results.cells.filter((cell) => cell.scenario === scenario);
  const known = new Set([...cells, ...trials].map(({ variant }) => variant));
  const variants = results.variants
    .filter(({ name }) => known.has(name))
    .toSorted((a, b) => Number(a.reference) - Number(b.reference));
  return titles.map((title) => {
    const columns = columnsOf(figures.filter((figure) => figure.table === title));
    const rows = variants.flatMap((variant) => {
      const { name, reference } = variant;
      const played = trials.filter((trial) => trial.variant === name);
      const stated = played.some((trial) => trial.figures.some((figure) => figure.table === title));
      if (title !== "" && !stated) return [];
      const place: Place = { seed: results.run.seed, scenario, variant: name, run };
      return [rowOf(place, { title: titleOf(variant), reference }, played, columns)];
    });
    return { title, columns, rows: marked(rows, columns), acrossScenarios: false };
  });
}

/** `SSE:eventsource`: with what the variant has that its transport hasn't. */
function titleOf({ name, transport, title }: Results["variants"][number]): string {
  return name.startsWith(transport) ? title + name.slice(transport.length) : name;
}

function columnsOf(figures: readonly Figure[]): Column[] {
  return [...new Set(figures.map(({ key }) => key))].flatMap((key) => {
    const figure = figures.find((candidate) => candidate.key === key);
    if (figure === undefined) return [];
    const { label, unit, better, about = null, headline = false } = figure;
    const { counted = false, words = null } = figure;
    return [{ key, label, unit, better, about, headline, counted, words }];
  });
}

/** Where a row stands, from which its intervals have their seeds. */
interface Place {
  readonly seed: number;
  readonly scenario: string;
  readonly variant: string;
  readonly run: string | null;
}

function rowOf(
  place: Place,
  { title, reference }: Pick<Row, "title" | "reference">,
  played: readonly Trial[],
  columns: readonly Column[],
): Row {
  const valid = played.filter(({ outcome }) => outcome.status === "valid");
  const none = valid.length > 0 ? null : whyNone(played);
  const invalid = none === null ? [] : played.filter(canBeShown);
  return {
    variant: place.variant,
    title,
    run: place.run,
    reference,
    valid: valid.length,
    played: played.length,
    none,
    cells: columns.map((column) => cellOf(place, column, valid, invalid, none)),
  };
}

function cellOf(
  { seed, scenario, variant }: Place,
  { key, counted }: Column,
  valid: readonly Trial[],
  invalid: readonly Trial[],
  none: string | null,
): Cell {
  const figures = figuresOf(valid, key);
  const values = figures.map(({ value }) => value);
  const numbers = numbersIn(figures);
  const texts = [...new Set(values.filter((value) => typeof value === "string"))];
  const telling = figures.find(({ value, bound }) => value === null || bound !== "exact");
  // A trial without the figure would bias the rest: all of them or none.
  const complete = numbers.length === valid.length;
  const missing =
    complete || texts.length > 0
      ? null
      : `${numbers.length} of ${valid.length} valid trials have it`;
  return {
    estimate: complete
      ? reaching(estimate(numbers, placeSeed(seed, scenario, variant, key), counted), figures)
      : null,
    invalid: medianOf(numbersIn(figuresOf(invalid, key))),
    text: texts.length > 0 ? texts.join(" / ") : null,
    atLeast: figures.some(({ bound }) => bound === "at least"),
    isRange: figures.some(({ bound }) => bound === "range"),
    best: false,
    uncertain: false,
    remark: (telling ?? figures[0])?.note ?? none ?? missing,
  };
}

/** The interval reaches as far as the figure may in some trial where that has shown a range. */
function reaching(estimated: Estimate | null, figures: readonly Figure[]): Estimate | null {
  const most = Math.max(...figures.flatMap((figure) => figure.most ?? []));
  if (estimated === null || most === Number.NEGATIVE_INFINITY) return estimated;
  const { median, trials, interval } = estimated;
  const { low, high, confidence } = interval ?? {
    low: median,
    high: median,
    confidence: confidenceOf(trials),
  };
  return { ...estimated, interval: { low, high: Math.max(high, most), confidence } };
}

/** An invalid trial may be looked at, unless its clocks were several: then its times mean nothing. */
function canBeShown({ outcome, warnings }: Trial): boolean {
  return outcome.status === "invalid" && warnings.every(({ code }) => code !== "clock");
}

function figuresOf(trials: readonly Trial[], key: string): Figure[] {
  return trials.flatMap((trial) => trial.figures.filter((figure) => figure.key === key));
}

function numbersIn(figures: readonly Figure[]): number[] {
  return figures.map(({ value }) => value).filter((value) => typeof value === "number");
}

/** The number that a cell shows; null where it shows none. */
export function shownIn({ estimate, invalid }: Cell): number | null {
  return estimate?.median ?? invalid;
}

/** Marks the best of each column, and whose figures leave open whether they are as good. */
function marked(rows: readonly Row[], columns: readonly Column[]): Row[] {
  const bests = columns.map(({ better }, index) => {
    const known = rows.flatMap(({ cells, reference }) => {
      const cell = cells[index];
      return reference || cell?.estimate == null ? [] : [{ ...cell, estimate: cell.estimate }];
    });
    const best = bestOf(known, better)?.estimate ?? null;
    // Where all are alike there is no best.
    return best !== null && known.some(({ estimate }) => differ(estimate, best)) ? best : null;
  });
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, index) => {
      const best = bests[index] ?? null;
      if (row.reference || cell.estimate === null || best === null) return cell;
      const isBest = isRanked(cell.estimate) && cell.estimate.median === best.median;
      return { ...cell, best: isBest, uncertain: !isBest && !differ(cell.estimate, best) };
    }),
  }));
}
