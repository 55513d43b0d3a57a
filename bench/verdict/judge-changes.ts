import type { CheckSettings } from "../settings/check-settings.ts";
import type { Change } from "../results/comparison.ts";
import { beyondClocks } from "../results/clock-bound.ts";
import { isTooUnclear, notJudged } from "./change.ts";
import { judgeCounted } from "./judge-counted.ts";
import { gatesOf } from "./gates.ts";
import { fullName } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";

/** Judges gating timed metrics that both sides have. */
export type TimedJudge = (pairs: readonly GatingPair[]) => Change[];

export interface GatingPair {
  readonly baseline: CellMetric;
  readonly candidate: CellMetric;
  readonly tolerance: Change["margin"];
}

export interface ChangeContext {
  readonly settings: CheckSettings;
  /** Whether both sides were measured on the same major version of Node. */
  readonly sameNode: boolean;
  readonly judgeTimed: TimedJudge;
}

/**
 * Decides which changes are regressions. Each metric that both sides have goes to one judge: counted metrics to
 * `judgeCounted`, timed ones to `judgeTimed`, which `compare.ts` chooses: interleaved pairs are judged by
 * `stopping-rule.ts` and `judge-pairs.ts`, runs at different times by `judge-separate-runs.ts`. Metrics that
 * don't gate are shown and not judged. Gating metrics that the candidate lacks are returned as `missing`.
 */
export function changesBetween(
  before: readonly CellMetric[],
  now: readonly CellMetric[],
  { settings, sameNode, judgeTimed }: ChangeContext,
): { changes: Change[]; missing: CellMetric[] } {
  const { gates, tolerance } = gatesOf(settings);
  const others = new Map(now.map((metric) => [fullName(metric), metric]));
  const missing: CellMetric[] = [];
  const changes: Change[] = [];
  const timed: GatingPair[] = [];
  for (const baseline of before.filter(({ comparable }) => comparable)) {
    const candidate = others.get(fullName(baseline));
    const margin = tolerance(baseline);
    if (candidate === undefined) {
      if (gates(baseline)) missing.push(baseline);
    } else if (!gates(baseline) || !gates(candidate)) {
      changes.push(notJudged(baseline, candidate, margin, whyNot(baseline, candidate)));
    } else if (baseline.tier === 1) {
      timed.push({ baseline, candidate, tolerance: margin });
    } else if (isMemory(baseline) && !sameNode) {
      const reason = "measured on another major version of Node, whose memory use differs";
      changes.push(notJudged(baseline, candidate, margin, reason));
    } else {
      changes.push(judgeCounted(baseline, candidate, margin));
    }
  }
  return { changes: [...changes, ...judgeTimed(timed)], missing };
}

function isMemory({ metric }: CellMetric): boolean {
  return metric === "memory" || metric === "heap";
}

function whyNot(baseline: CellMetric, candidate: CellMetric): string {
  if (isTooUnclear(baseline) || isTooUnclear(candidate)) return `shown only: ${beyondClocks}`;
  return candidate.comparable === baseline.comparable
    ? "shown only: not a gating metric"
    : "depends on timing here";
}
