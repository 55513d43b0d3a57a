import type { Scenario } from "../../scenarios/scenario.ts";
import type { Config } from "../settings/config.ts";
import { inBatches, planTrial, seedOf, trialsOf, variantsIn } from "./plan.ts";
import type { Batch } from "./plan.ts";
import { shuffled } from "../statistics/random.ts";
import type { Trial } from "../results/schema.ts";
import type { Variant } from "../settings/variant.ts";

/** How many more times a variant is to play a scenario. */
export interface FurtherTrials {
  readonly variant: Variant;
  readonly more: number;
}

/**
 * Trials that replace those of a scenario that don't count: as many as a cell lacks, up to its limit. A busy
 * machine may be quiet the next time, but a trial that failed tends to fail again, so failures are replaced once.
 */
export function repeatsForInvalid(
  scenario: Scenario,
  config: Config,
  trials: readonly Trial[],
): Batch[] {
  const planned = trialsOf(scenario, config);
  const most = planned + (config.extraTrials ?? planned);
  const needs = variantsIn(scenario, config).map((variant) => {
    const played = playedOf(scenario, variant, trials);
    const valid = played.filter(({ outcome }) => outcome.status === "valid").length;
    const failed = played.filter(({ outcome }) => outcome.status === "failed").length;
    const missing = planned - valid - Math.max(0, failed - 1);
    return { variant, more: Math.min(missing, most - played.length) };
  });
  return planRepeats(scenario, config, needs, trials);
}

/**
 * Further repetitions, block after block like the planned ones, each with the variants that still need
 * one. Numbers and seeds go on from those of the trials that each variant has played.
 */
export function planRepeats(
  scenario: Scenario,
  config: Config,
  needs: readonly FurtherTrials[],
  trials: readonly Trial[],
): Batch[] {
  const blocks = Math.max(0, ...needs.map(({ more }) => more));
  const further = Array.from({ length: blocks }, (_, block) => {
    const next = needs
      .filter(({ more }) => more > block)
      .map(({ variant }) => {
        const repetition = playedOf(scenario, variant, trials).length + block + 1;
        return planTrial(scenario, config, variant, repetition);
      });
    const latest = Math.max(...next.map(({ repetition }) => repetition));
    return shuffled(next, seedOf(scenario, config, latest));
  });
  return inBatches(scenario, further.flat());
}

/** The trials of a cell. */
export function playedOf(
  { name: scenario }: { readonly name: string },
  { name: variant }: { readonly name: string },
  trials: readonly Trial[],
): Trial[] {
  return trials.filter((trial) => trial.scenario === scenario && trial.variant === variant);
}
