import { invalidates, warningMeanings } from "../results/warnings.ts";
import type { Trials } from "../results/comparison.ts";
import type { Results, Trial } from "../results/schema.ts";
import { readingsOf } from "./cell-metrics.ts";
import { countsErrors } from "./metric.ts";

/** How many trials a side has played, and what went wrong in them: by the machine, and by the server. */
export function countedTrials({ trials }: Results): Trials {
  const invalid = trials.filter(isInvalidated);
  const faults = trials.map(faultsIn).filter(({ length }) => length > 0);
  return {
    played: trials.length,
    invalid: invalid.length,
    reasons: [...new Set(invalid.flatMap(whyInvalid))],
    faulty: faults.length,
    faults: [...new Set(faults.flat())],
  };
}

/** Whether machine or harness invalidated the trial, so that it says nothing about the server. */
export function isInvalidated({ outcome }: Pick<Trial, "outcome">): boolean {
  return outcome.status === "invalid" || (outcome.status === "failed" && outcome.by === "machine");
}

/** What invalidated a trial, in few words, each reason once; empty where nothing did. */
export function whyInvalid({ outcome, warnings }: Trial): string[] {
  if (outcome.status === "failed" && outcome.by === "machine") return [outcome.reason];
  if (outcome.status !== "invalid") return [];
  const reasons = warnings.map(({ code }) => code).filter(invalidates);
  return [...new Set(reasons.map((code) => warningMeanings[code].brief))];
}

/** What the server did wrong in a trial that counts. */
function faultsIn(trial: Trial): string[] {
  const { outcome } = trial;
  if (outcome.status === "failed" && outcome.by === "server") return [outcome.reason];
  if (outcome.status !== "valid") return [];
  const counts = new Map<string, number>();
  const nothing = {
    delivery: "push",
    pollIntervalMs: null,
    payloadBytes: 0,
    isRepeatable: true,
  } as const;
  for (const { metric, value } of readingsOf(trial, nothing)) {
    if (!countsErrors(metric) || metric.unit !== "count" || value === 0) continue;
    counts.set(metric.name, (counts.get(metric.name) ?? 0) + value);
  }
  if (counts.size === 0) return [];
  return [[...counts].map(([name, count]) => `${count} ${name}`).join(", ")];
}
