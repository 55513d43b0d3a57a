import type { Config } from "../settings/config.ts";
import type { Comparison, Problem } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import { sourceOf } from "../verdict/compare.ts";
import { changesBetween } from "../verdict/changes.ts";
import { nodeMajor } from "../verdict/environments.ts";
import { measuresOf } from "../verdict/measures.ts";
import type { Measure } from "../verdict/measures.ts";
import { assembled } from "../verdict/outcome.ts";
import { missingMetrics, runProblems, usableOf, valueProblems } from "../verdict/problems.ts";
import { isRun } from "./against-baseline.ts";
import { measuresIn } from "./baseline-measures.ts";
import type { Baseline } from "./baseline.ts";
import { budgetOutcomes } from "./budget-outcome.ts";
import type { Needs } from "./needs.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/** What a run is held against, and how. */
export interface CheckInputs {
  readonly needs: Needs;
  readonly settings: CheckSettings;
  readonly baseline: Baseline;
  readonly baselinePath: string;
  /** That does it again. */
  readonly command: string;
  /** Where the results are. */
  readonly folder: string;
}

/** Holds a run against the baseline and against the budgets. */
export function checkOf(results: Results, inputs: CheckInputs): Comparison {
  const { needs, settings, baseline, baselinePath, command, folder } = inputs;
  const measures = measuresOf(results);
  const usable = usableOf(before(baseline, baselinePath, needs.config), measures);
  const { changes, missing } = changesBetween(usable.before, usable.now, {
    settings,
    sameNode: baseline.node === nodeMajor(results),
    // A baseline holds no timing.
    judgeTimed: () => [],
  });
  return assembled({
    kind: "check",
    command,
    baseline: { label: baselinePath, startedAt: null, trials: null, commit: null },
    candidate: sourceOf(results, folder),
    environment: { sameMachine: false, differences: nodeDifference(baseline, results) },
    problems: [...problemsOf(results, measures), ...missingMetrics(missing, results)],
    changes,
    budgets: needs.budgets.flatMap((budget) => budgetOutcomes(budget, needs.planned, measures)),
    pairs: null,
  });
}

/** What a run mustn't have to be held against anything, or to become a baseline. */
export function problemsOf(results: Results, measures: readonly Measure[]): Problem[] {
  return [...runProblems(results, "candidate"), ...valueProblems(measures, "candidate")];
}

function before(baseline: Baseline, path: string, config: Config): Measure[] {
  return measuresIn(baseline, path).filter((measure) => isRun(measure, config));
}

function nodeDifference(
  { node }: Baseline,
  results: Results,
): Comparison["environment"]["differences"] {
  const now = nodeMajor(results);
  if (node === now) return [];
  return [{ name: "software.versions.node", baseline: `${node}`, candidate: `${now}` }];
}
