import type { Config } from "../settings/config.ts";
import type { Comparison, Problem } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import { sourceOf } from "../verdict/compare.ts";
import { changesBetween } from "../verdict/judge-changes.ts";
import { nodeMajor } from "../verdict/environments.ts";
import { cellMetricsOf } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";
import { withOutcome } from "../verdict/outcome.ts";
import { missingMetrics, runProblems, usableOf, valueProblems } from "../verdict/problems.ts";
import { isRun } from "./baseline-compatibility.ts";
import { metricsInBaseline } from "./baseline-metrics.ts";
import type { Baseline } from "./baseline.ts";
import { budgetOutcomes } from "./budget-outcome.ts";
import type { Needs } from "./needs.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/** What a run is checked against, and how. */
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
  const metrics = cellMetricsOf(results);
  const usable = usableOf(before(baseline, baselinePath, needs.config), metrics);
  const { changes, missing } = changesBetween(usable.before, usable.now, {
    settings,
    sameNode: baseline.node === nodeMajor(results),
    // A baseline holds no timing.
    judgeTimed: () => [],
  });
  return withOutcome({
    kind: "check",
    command,
    baseline: { label: baselinePath, startedAt: null, trials: null, commit: null },
    candidate: sourceOf(results, folder),
    environment: { sameMachine: false, differences: nodeDifference(baseline, results) },
    problems: [...problemsOf(results, metrics), ...missingMetrics(missing, results)],
    changes,
    budgets: needs.budgets.flatMap((budget) => budgetOutcomes(budget, needs.planned, metrics)),
    pairs: null,
  });
}

/** Problems for which a run can't be checked, nor become a baseline. */
export function problemsOf(results: Results, metrics: readonly CellMetric[]): Problem[] {
  return [...runProblems(results, "candidate"), ...valueProblems(metrics, "candidate")];
}

function before(baseline: Baseline, path: string, config: Config): CellMetric[] {
  return metricsInBaseline(baseline, path).filter((metric) => isRun(metric, config));
}

function nodeDifference(
  { node }: Baseline,
  results: Results,
): Comparison["environment"]["differences"] {
  const now = nodeMajor(results);
  if (node === now) return [];
  return [{ name: "software.versions.node", baseline: `${node}`, candidate: `${now}` }];
}
