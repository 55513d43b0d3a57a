import type { Config } from "../settings/config.ts";
import type { Naming } from "../settings/naming.ts";
import { repeatsForInvalid } from "./repeats.ts";
import { goalsOf } from "./goals.ts";
import type { Goal } from "./goals.ts";
import { planRun } from "./plan.ts";
import type { Batch } from "./plan.ts";
import { repeatsForPrecision } from "./precision.ts";
import type { Trial } from "../results/schema.ts";

/** The plan of a run and its goals. */
export interface RunSchedule {
  readonly config: Config;
  readonly plan: readonly Batch[];
  /** The figures that `--precision` applies to; empty without it. */
  readonly goals: readonly Goal[];
}

/** Throws a `BenchError` where `--precision` applies to no figure. */
export async function scheduleOf(config: Config, naming: Naming): Promise<RunSchedule> {
  return { config, plan: planRun(config), goals: await goalsOf(config, naming) };
}

export interface Step {
  readonly why: "planned" | "invalid" | "precision";
  readonly batches: readonly Batch[];
}

/**
 * The trials to play next, given those so far: scenario by scenario the planned ones, then replacements for trials
 * that don't count; at last trials that make intervals narrower, for all scenarios in turn, so that a time limit
 * hits none harder than another. Null when all is done.
 */
export function nextStep(
  { config, plan, goals }: RunSchedule,
  trials: readonly Trial[],
): Step | null {
  for (const scenario of config.scenarios) {
    const begun = trials.some((trial) => trial.scenario === scenario.name);
    const batches = begun
      ? repeatsForInvalid(scenario, config, trials)
      : plan.filter(([first]) => first?.scenario === scenario);
    if (batches.length > 0) return { why: begun ? "invalid" : "planned", batches };
  }
  const batches = repeatsForPrecision(config, goals, trials);
  return batches.length > 0 ? { why: "precision", batches } : null;
}
