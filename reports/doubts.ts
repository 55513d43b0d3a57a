import { groupBy } from "./group-by.ts";
import type { Trial, Warning } from "../bench/results/schema.ts";
import { invalidates, warningMeanings } from "../bench/results/warnings.ts";

export interface Doubt {
  /** The rows it concerns. */
  readonly variants: readonly string[];
  readonly run: string | null;
  readonly text: string;
}

type UnlabelledDoubt = Omit<Doubt, "run">;

/** Why to doubt some of what a scenario found, and what was left out. */
export function doubtsOf(trials: readonly Trial[], run: string | null): Doubt[] {
  const doubts = [...outcomeDoubts(trials), ...warningDoubts(trials)];
  return doubts.map(({ variants, text }) => ({ variants, run, text }));
}

/** Why a variant has no figures, in short: none of the trials it played, if any, is valid. */
export function whyNone(played: readonly Trial[]): string {
  if (played.length === 0) return "not played";
  const reasons = played.flatMap(({ outcome, warnings }) => {
    const telling = warnings
      .filter(({ code }) => invalidates(code))
      .map(({ code }) => warningMeanings[code].brief);
    return outcome.status === "invalid" && telling.length > 0 ? telling : [outcome.status];
  });
  return `no valid trial: ${[...new Set(reasons)].join(", ")}`;
}

function outcomeDoubts(trials: readonly Trial[]): UnlabelledDoubt[] {
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

/** A kind of warning with all whom it concerns. */
export interface RaisedWarning {
  readonly code: Warning["code"];
  readonly variants: readonly string[];
  /** Each time that it was raised, in the order of the trials. */
  readonly places: readonly string[];
}

export function raisedWarnings(trials: readonly Trial[]): RaisedWarning[] {
  const raised = trials.flatMap((trial) =>
    trial.warnings.map((warning) => ({ trial, warning, place: placeOf(trial, warning) })),
  );
  return [...groupBy(raised, ({ warning }) => warning.code)].map(([code, same]) => ({
    code,
    variants: [...new Set(same.map(({ trial }) => trial.variant))],
    places: same.map(({ place }) => place),
  }));
}

function warningDoubts(trials: readonly Trial[]): UnlabelledDoubt[] {
  return raisedWarnings(trials).map(({ code, variants, places: all }) => {
    const { meaning, advice } = warningMeanings[code];
    const places = all.slice(0, 3);
    if (all.length > places.length) places.push(`${all.length - places.length} more`);
    const effect = invalidates(code) ? "; these trials don't count" : "";
    return {
      variants,
      text: `${code}: ${meaning}${effect} (${places.join("; ")}). Advice: ${advice}.`,
    };
  });
}

function placeOf(trial: Trial, warning: Warning): string {
  return `${trial.variant}, trial ${trial.repetition}, ${warning.phase}: ${warning.detail}`;
}
