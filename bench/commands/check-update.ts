import {
  whyNotMergeable,
  isRun,
  scenariosOf,
  serverOf,
  mergeParts,
  unplayedOf,
} from "../check/baseline-compatibility.ts";
import { keptOf, metricsInBaseline } from "../check/baseline-metrics.ts";
import type { BaselineChanges } from "../check/baseline-metrics.ts";
import { baselineHead, baselineText } from "../check/baseline.ts";
import type { Baseline } from "../check/baseline.ts";
import { budgetOutcomes } from "../check/budget-outcome.ts";
import { problemsOf } from "../check/check.ts";
import type { Needs } from "../check/needs.ts";
import { baselineBlocker } from "../check/baseline-blocker.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import type { Config } from "../settings/config.ts";
import { BenchError, exitCodes, usageError } from "../errors/errors.ts";
import { faultIn, faultVariable } from "../settings/fault.ts";
import { proveOutput, writeOutput } from "../files/outputs.ts";
import type { Results } from "../results/schema.ts";
import { nodeMajor } from "../verdict/environments.ts";
import { gatesOf } from "../verdict/gates.ts";
import { cellMetricsOf } from "../verdict/cell-metrics.ts";

export interface Update {
  readonly path: string;
  /** The baseline so far; null where there is none that can be read. */
  readonly known: Baseline | null;
  /** Whether only a part of it is to be recreated. */
  readonly isPart: boolean;
  readonly measure: () => Promise<Results>;
}

/**
 * Measures, keeps the results as the baseline, and prints what has changed since the last one. Results that would
 * fail a check by themselves don't become a baseline. Returns the exit code.
 */
export async function updateBaseline(
  needs: Needs,
  settings: CheckSettings,
  { path, known, isPart, measure }: Update,
): Promise<number> {
  const { config } = needs;
  if (faultIn(process.env) !== null) {
    throw usageError(`--update: ${faultVariable} is set, but a baseline must not contain a fault`);
  }
  const clash = isPart && known !== null ? whyNotMergeable(known, config, ownNode) : null;
  if (clash !== null) {
    throw usageError(
      `--update: ${clash}; recreate all of ${path}, without --transports and --scenarios`,
    );
  }
  await proveOutput(path, "--baseline", []);
  const results = await measure();
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const metrics = cellMetricsOf(results);
  const budgets = needs.budgets.flatMap((budget) => budgetOutcomes(budget, needs.planned, metrics));
  const problems = problemsOf(results, metrics);
  const failed = problems.find(({ code }) => code !== "machine")?.text;
  const why = failed ?? baselineBlocker(metrics, budgets, settings);
  if (why !== null) throw new BenchError("output", `${path} was not written: ${why}`);
  const unclear =
    settings.inconclusive === "pass"
      ? undefined
      : budgets.find(({ outcome }) => outcome === "unclear");
  const doubt = problems[0]?.text ?? (unclear && `${unclear.budget}: ${unclear.reason}`);
  if (doubt !== undefined) {
    process.stderr.write(`${path} was not written, because the result is inconclusive: ${doubt}\n`);
    return exitCodes.inconclusive;
  }
  const kept = isPart && known !== null ? unplayedOf(known, config) : {};
  const before = (known === null ? [] : metricsInBaseline(known, path)).filter(
    (measure) => !isPart || isRun(measure, config),
  );
  const found = keptOf(metrics, before, gatesOf(settings).tolerance);
  await writeOutput(path, baselineText(nextOf(config, results, { known, kept, found })));
  if (!config.quiet) process.stdout.write(updateText(path, known, found));
  return exitCodes.done;
}

const ownNode = Number.parseInt(process.versions.node, 10);

function nextOf(
  config: Config,
  results: Results,
  {
    known,
    kept,
    found,
  }: {
    readonly known: Baseline | null;
    readonly kept: Baseline["counted"];
    readonly found: BaselineChanges;
  },
): Baseline {
  const stays = new Set(Object.values(kept).flatMap((scenarios) => Object.keys(scenarios)));
  const workloads = Object.entries(known?.scenarios ?? {}).filter(([name]) => stays.has(name));
  return {
    ...baselineHead,
    node: nodeMajor(results),
    server: serverOf(config),
    scenarios: { ...Object.fromEntries(workloads), ...scenariosOf(config) },
    counted: mergeParts(kept, found.counted),
  };
}

function updateText(
  path: string,
  known: Baseline | null,
  { changes, leftOut }: BaselineChanges,
): string {
  const what =
    known === null
      ? [`${path}: created, with ${changes.length} metrics`]
      : changes.length === 0
        ? [`${path}: no metric changed by more than its tolerance`]
        : [`${path}: changes`, ...changes.map((change) => `  ${change}`)];
  return `${[...what, ...leftOut].join("\n")}\n`;
}
