import type { CheckSettings } from "../settings/check-settings.ts";
import type { Change } from "../results/comparison.ts";
import { shown } from "./change.ts";
import { judgeCounted } from "./counted.ts";
import { gatesOf } from "./gates.ts";
import { fullName } from "./measures.ts";
import type { Measure } from "./measures.ts";

/** How timing is judged that both sides have and that gates. */
export type TimedJudge = (pairs: readonly GatingPair[]) => Change[];

export interface GatingPair {
  readonly baseline: Measure;
  readonly candidate: Measure;
  readonly tolerance: Change["margin"];
}

export interface ChangeContext {
  readonly settings: CheckSettings;
  /** Whether both sides were measured on the same major version of Node. */
  readonly sameNode: boolean;
  readonly judgeTimed: TimedJudge;
}

/** Judges every metric that may be compared; what gates and is gone is missing. */
export function changesBetween(
  before: readonly Measure[],
  now: readonly Measure[],
  { settings, sameNode, judgeTimed }: ChangeContext,
): { changes: Change[]; missing: Measure[] } {
  const { gates, tolerance } = gatesOf(settings);
  const others = new Map(now.map((measure) => [fullName(measure), measure]));
  const missing: Measure[] = [];
  const changes: Change[] = [];
  const timed: GatingPair[] = [];
  for (const baseline of before.filter(({ comparable }) => comparable)) {
    const candidate = others.get(fullName(baseline));
    const margin = tolerance(baseline);
    if (candidate === undefined) {
      if (gates(baseline)) missing.push(baseline);
    } else if (!gates(baseline) || !gates(candidate)) {
      changes.push(shown(baseline, candidate, margin, whyNot(baseline, candidate)));
    } else if (baseline.tier === 1) {
      timed.push({ baseline, candidate, tolerance: margin });
    } else if (isMemory(baseline) && !sameNode) {
      const reason = "measured on another major version of Node, whose memory use differs";
      changes.push(shown(baseline, candidate, margin, reason));
    } else {
      changes.push(judgeCounted(baseline, candidate, margin));
    }
  }
  return { changes: [...changes, ...judgeTimed(timed)], missing };
}

function isMemory({ metric }: Measure): boolean {
  return metric === "memory" || metric === "heap";
}

function whyNot(baseline: Measure, candidate: Measure): string {
  return candidate.comparable === baseline.comparable
    ? "shown only: not a gating metric"
    : "depends on timing here";
}
