import type { StoredRun } from "../results/stored-runs.ts";
import { comparedMetric } from "../results/comparison.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import { isTooUnclear, sideOf } from "../verdict/change.ts";
import type { Gates } from "../verdict/gates.ts";
import { cellMetricsOf } from "../verdict/cell-metrics.ts";

type Stored = Omit<StoredRun, "path" | "machine" | "outcome">;

/** Why a run has no place in a history; null when it has one. */
export function whyNot({ run }: Results): string | null {
  if (run.fault !== null) return "was measured with an injected fault, to test the harness";
  if (run.pairing?.side === "baseline") return "is the baseline of a comparison";
  return null;
}

/** The part of a run that a history keeps: its gating metrics. */
export function storedOf(results: Results, { gates }: Gates): Stored {
  return {
    startedAt: results.run.startedAt,
    commit: results.environment.software.commit?.hash ?? null,
    values: cellMetricsOf(results)
      .filter((measure) => gates(measure) && measure.values.length > 0 && !isTooUnclear(measure))
      .map((measure) => Object.assign(comparedMetric(measure), { value: sideOf(measure) })),
  };
}

/** The candidate's side of a comparison, where its results were not kept. */
export function storedOfComparison({ candidate, finishedAt, changes }: Comparison): Stored {
  return {
    startedAt: candidate.startedAt ?? finishedAt,
    commit: candidate.commit,
    values: changes.flatMap((change) =>
      change.gating && change.candidate !== null
        ? Object.assign(comparedMetric(change), { value: change.candidate })
        : [],
    ),
  };
}
