import { medianOf } from "../../bench/statistics/basics.ts";
import type { Figure, Trial } from "../../bench/results/schema.ts";
import { whyNone } from "../doubts.ts";
import { groupBy } from "../group-by.ts";
import { rankOf } from "./fault-words.ts";

/** Keys of figures that are findings, and of what was tried and measured to cure them; the kind of fault follows. */
const foundKey = "found.";
const cureKey = "cure.";

/** What the trials of one variant came to: a transport behind a proxy with one of its configurations. */
export interface Side {
  /** `told` when a valid trial tells of some kind of fault; `untold` when none of those can. */
  readonly state: "told" | "untold" | "invalid" | "failed" | "interrupted" | "not played";
  /** Valid trials, of those played. */
  readonly valid: number;
  readonly played: number;
  /** Why a trial doesn't count, or why nothing is told; null where all is well. */
  readonly remark: string | null;
  /** The gravest first. */
  readonly faults: readonly Fault[];
  /** Kinds of which no trial can tell, with the reason. */
  readonly untold: readonly Untold[];
  /** How long a silent connection lived, in milliseconds; null where that isn't known. */
  readonly idleMs: number | null;
}

export interface Fault {
  readonly kind: string;
  /** In words; trials may differ in their figures. */
  readonly texts: readonly string[];
  /** In how many trials it was found, of those that can tell. */
  readonly found: number;
  readonly told: number;
  /** What an application can do: tried, and measured to help; what did most often first. */
  readonly cures: readonly string[];
  /** What was tried in vain; null where that isn't said. */
  readonly tried: string | null;
}

export interface Untold {
  readonly kind: string;
  readonly why: string;
}

export function isFinding({ key }: Pick<Figure, "key">): boolean {
  return key.startsWith(foundKey) || key.startsWith(cureKey);
}

/** Whether a trial tells of some kind of fault. */
export function hasFindings({ figures }: Pick<Trial, "figures">): boolean {
  return figures.some(({ key }) => key.startsWith(foundKey));
}

/** Of trials that don't count, nothing is told but that. */
export function sideOf(played: readonly Trial[]): Side {
  const valid = played.filter(({ outcome }) => outcome.status === "valid");
  const figures = valid.flatMap((trial) => trial.figures);
  const kinds = [...groupBy(figures.filter(isFound), ({ key }) => key.slice(foundKey.length))];
  const faults = kinds
    .flatMap(([kind, found]) => faultOf(kind, found, figures))
    .toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
  const untold = kinds.flatMap(([kind, found]) => untoldOf(kind, found));
  const isTold = kinds.length > untold.length;
  return {
    state: valid.length === 0 ? stateOf(played) : isTold ? "told" : "untold",
    valid: valid.length,
    played: played.length,
    remark: remarkOf(played, valid),
    faults,
    untold,
    idleMs: medianOf(exactly(figures, "idle")),
  };
}

function isFound({ key }: Figure): boolean {
  return key.startsWith(foundKey);
}

function faultOf(kind: string, found: readonly Figure[], figures: readonly Figure[]): Fault[] {
  const texts = distinctTexts(found);
  if (texts.length === 0) return [];
  const cures = figures.filter(({ key }) => key === cureKey + kind);
  const inVain = cures.find(({ value, note }) => value === null && note !== undefined);
  return [
    {
      kind,
      texts,
      found: found.filter(({ value }) => value !== null).length,
      told: found.filter((figure) => !isUntold(figure)).length,
      cures: mostOften(cures),
      tried: inVain?.note ?? null,
    },
  ];
}

function untoldOf(kind: string, found: readonly Figure[]): Untold[] {
  const [first] = found;
  return found.every(isUntold) ? [{ kind, why: first?.note ?? "" }] : [];
}

/** A finding that there isn't says why where it can't be told; without that there is nothing to find. */
function isUntold({ value, note }: Figure): boolean {
  return value === null && note !== undefined;
}

function distinctTexts(figures: readonly Figure[]): string[] {
  return [...new Set(figures.flatMap(({ value }) => (value === null ? [] : [String(value)])))];
}

function mostOften(figures: readonly Figure[]): string[] {
  const count = (text: string): number => figures.filter(({ value }) => value === text).length;
  return distinctTexts(figures).toSorted((a, b) => count(b) - count(a));
}

/** Without those that only say where a search has ended. */
function exactly(figures: readonly Figure[], wanted: string): number[] {
  return figures.flatMap(({ key, value, bound }) =>
    key === wanted && bound === "exact" && typeof value === "number" ? [value] : [],
  );
}

function stateOf(played: readonly Trial[]): Side["state"] {
  const all = new Set(played.map(({ outcome }) => outcome.status));
  const gravest = (["failed", "invalid", "interrupted"] as const).find((status) => all.has(status));
  return gravest ?? "not played";
}

/** Of trials that don't count; the first that failed has the reason. */
function remarkOf(played: readonly Trial[], valid: readonly Trial[]): string | null {
  if (valid.length === played.length) return null;
  const [reason] = played.flatMap(({ outcome }) =>
    outcome.status === "failed" ? [outcome.reason] : [],
  );
  const which =
    valid.length === 0
      ? whyNone(played)
      : `${played.length - valid.length} of ${played.length} trials don't count`;
  return reason === undefined ? which : `${which}: ${reason}`;
}
