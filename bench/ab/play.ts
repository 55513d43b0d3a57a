import type { CheckSettings } from "../settings/check-settings.ts";
import type { Config } from "../settings/config.ts";
import { playTrial } from "../run/play-trial.ts";
import { MachineLock } from "../run/machine-lock.ts";
import { planTrial, trialsOf } from "../plan/plan.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import type { Variant } from "../settings/variant.ts";
import { pairedMetrics } from "../verdict/paired-metrics.ts";
import type { RuleLimits } from "../verdict/stopping-rule.ts";
import { isInvalidated } from "../verdict/trials.ts";
import type { PairedResults } from "./paired-results.ts";
import type { Servers } from "./servers.ts";
import { playSession } from "./session.ts";
import type { PairedCell, SessionProgress, Session } from "./session.ts";

interface PlannedCell extends PairedCell {
  readonly planned: { readonly variant: Variant; readonly scenario: Scenario };
}

export interface PairsContext {
  readonly config: Config;
  readonly check: CheckSettings;
  readonly limits: RuleLimits;
  readonly servers: Servers;
  readonly results: PairedResults;
  readonly signal: AbortSignal;
  /** Called after each pair. */
  readonly tell: (progress: SessionProgress) => void;
}

/** Plays pairs of trials on real servers until the rule has decided; keeps the results of every trial. */
export async function playPairs(pairs: PairsContext): Promise<Session> {
  const { config, check, limits, servers, results, signal, tell } = pairs;
  const context = { machineLock: new MachineLock(), observer: { phase: () => {} }, signal };
  const session = await playSession({
    cells: cellsOf(config),
    limits,
    seed: config.seed,
    async play({ planned: { scenario, variant } }, side, repetition) {
      const { target } = servers[side];
      const planned = planTrial(scenario, { ...config, target }, variant, repetition);
      const trial = await playTrial(planned, context);
      await results.add(side, trial);
      return isInvalidated(trial) ? "invalid" : trial.outcome.status;
    },
    metrics: (from, before) =>
      pairedMetrics(results.baseline, results.candidate, check, {
        from,
        ...(before !== undefined && { before }),
      }).metrics,
    confirms: (repetition) => results.confirmFrom(repetition),
    tell,
  });
  await results.close(session.ended === "interrupted" ? "interrupted" : "complete");
  return session;
}

/**
 * Counted metrics are the same in each pair, so a few pairs suffice; at least two, since some servers go wrong in
 * every other start.
 */
function cellsOf(config: Config): PlannedCell[] {
  return config.scenarios.flatMap((scenario) =>
    config.variants.map((variant) => ({
      variant: variant.name,
      scenario: scenario.name,
      pairs: scenario.measures === "counts" ? Math.max(2, trialsOf(scenario, config)) : null,
      planned: { variant, scenario },
    })),
  );
}
