import { medianOf } from "../bench/statistics/basics.ts";
import {
  beyondClocks,
  clockBoundOf,
  isBeyondClocks,
  medianClockBound,
} from "../bench/results/clock-bound.ts";
import type { BoundedTime } from "../bench/results/clock-bound.ts";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { differ, isRanked } from "../bench/statistics/between.ts";
import { confidenceOf, estimate } from "../bench/statistics/estimate.ts";
import type { Estimate } from "../bench/statistics/estimate.ts";
import { bestOf } from "./ranking.ts";

export type Column = Pick<Figure, "key" | "label" | "unit" | "better"> & {
  readonly about: string | null;
  readonly headline: boolean;
  readonly counted: boolean;
  /** Null where the scenario has none for it. */
  readonly words: Words | null;
  /** How a sentence tells what a variant adds to it; null where none does. */
  readonly adds: string | null;
};

export type Words = NonNullable<Figure["words"]>;

export interface Row {
  readonly variant: string;
  /** By which a sentence calls the variant. */
  readonly title: string;
  readonly transport: string;
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
  /** The median over invalid trials, where there is no valid one, or one that is beyond its clocks: to be seen, but not to be counted. */
  readonly invalid: number | null;
  /** For figures that are words. */
  readonly text: string | null;
  readonly atLeast: boolean;
  /** How far the clocks that tell it may be apart, in its unit; null where one clock does. */
  readonly clockBound: number | null;
  /** Whether it is only known to lie in its interval, in each trial. */
  readonly isRange: boolean;
  /** Has the best median of its column; never a reference. */
  readonly best: boolean;
  /** Can't be told apart from the best, but may be worse: too few trials, or too scattered ones, to say. */
  readonly uncertain: boolean;
  /** Why there is no figure, or what is special about it. */
  readonly remark: string | null;
}

/**
 * What the valid trials of a variant have in a column; of none, what may be seen of those that it `played`.
 * `seed` is for the interval, and `none` says why no trial is valid.
 */
export function cellOf(
  { key, counted }: Column,
  seed: number,
  valid: readonly Trial[],
  played: readonly Trial[],
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
  const seen = none === null ? figures : figuresOf(played.filter(canBeShown), key);
  const median = medianOf(numbersIn(seen));
  const clockBound = medianClockBound(seen.flatMap(boundedIn));
  const isBeyond =
    complete && median !== null && clockBound !== null && isBeyondClocks(median, clockBound);
  return {
    estimate: complete && !isBeyond ? reaching(estimate(numbers, seed, counted), figures) : null,
    invalid: none === null && !isBeyond ? null : median,
    clockBound,
    text: texts.length > 0 ? texts.join(" / ") : null,
    atLeast: figures.some(({ bound }) => bound === "at least"),
    isRange: figures.some(({ bound }) => bound === "range"),
    best: false,
    uncertain: false,
    remark:
      (isBeyond ? (none ?? beyondClocks) : null) ??
      (telling ?? figures[0])?.note ??
      none ??
      missing,
  };
}

function boundedIn(figure: Figure): BoundedTime[] {
  const { value } = figure;
  return typeof value === "number" ? [{ value, clockBound: clockBoundOf(figure) }] : [];
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

/** A cell without a figure; the remark says why. */
export function emptyCell(remark: string): Cell {
  return {
    estimate: null,
    invalid: null,
    clockBound: null,
    text: null,
    atLeast: false,
    isRange: false,
    best: false,
    uncertain: false,
    remark,
  };
}

/** The number that a cell shows; null where it shows none. */
export function shownIn({ estimate, invalid }: Cell): number | null {
  return estimate?.median ?? invalid;
}

/** Marks the best of each column, and whose figures leave open whether they are as good. */
export function marked(rows: readonly Row[], columns: readonly Column[]): Row[] {
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
