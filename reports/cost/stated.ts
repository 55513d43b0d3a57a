import type { Phase, Results, Trial } from "../../bench/results/schema.ts";
import { whyNone } from "../doubts.ts";
import type { Measured, Range } from "./measured.ts";

// Where in the results a coefficient is found, and in which workloads.

export type Variant = Results["variants"][number];

/** The trials of a variant in the first scenario that is of use. */
export interface Stated {
  readonly trials: readonly Trial[];
  readonly payloadBytes: number;
  /** Why there is nothing, as far as it lies in the trials. */
  readonly why: string;
}

export function statedBy(
  results: Results,
  variant: string,
  isStated: (figure: Trial["figures"][number]) => boolean,
  isOf: (trial: Trial) => boolean = () => true,
): Stated {
  for (const { name: scenario } of results.scenarios) {
    const inScenario = results.trials.filter((trial) => trial.scenario === scenario);
    if (!inScenario.some((trial) => trial.figures.some(isStated) && isOf(trial))) continue;
    const played = inScenario.filter((trial) => trial.variant === variant);
    const trials = played.filter(({ outcome }) => outcome.status === "valid");
    const cell = results.cells.find(
      (cell) => cell.variant === variant && cell.scenario === scenario,
    );
    if (cell !== undefined && trials.length > 0) {
      return {
        trials,
        payloadBytes: cell.workload.payloadBytes,
        why: `scenario ${scenario} didn't measure it`,
      };
    }
    return { trials: [], payloadBytes: 0, why: `scenario ${scenario}: ${whyNone(played)}` };
  }
  return { trials: [], payloadBytes: 0, why: "no scenario that was played measures it" };
}

/** The phases, one of each trial, in which a figure was measured. */
export function phasesOf(trials: readonly Trial[], key: string): Phase[] {
  return trials.flatMap(({ figures, phases }) => {
    const name = figures.find((figure) => figure.key === key)?.phase;
    return phases.filter((phase) => name !== undefined && phase.name === name);
  });
}

/** Why a figure could not be had. */
export function noteOf(trials: readonly Trial[], key: string): string | undefined {
  return trials
    .flatMap(({ figures }) => figures)
    .find((figure) => figure.key === key && figure.value === null)?.note;
}

/** Of what depends on nothing. */
export const nowhere: Measured = {
  clients: null,
  messagesPerSecond: null,
  payloadBytes: null,
  pollIntervalMs: null,
};

export function steadyRanges(
  phases: readonly Phase[],
  payloadBytes: number,
  { pollIntervalMs }: Variant,
): Measured {
  return {
    clients: rangeOf(phases.map(({ clients }) => clients)),
    messagesPerSecond: rangeOf(phases.flatMap(({ rate }) => rate?.intended ?? [])),
    payloadBytes: rangeOf([payloadBytes]),
    pollIntervalMs: gridRange(pollIntervalMs),
  };
}

export function gridRange(pollIntervalMs: number | null): Range | null {
  return pollIntervalMs === null ? null : rangeOf([pollIntervalMs]);
}

export function rangeOf(values: readonly number[]): Range | null {
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}
