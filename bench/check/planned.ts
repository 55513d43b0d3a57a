import { numberedParts, ofEach, perPart } from "../../transports/wire-parts.ts";
import type { ComparedMetric } from "../results/comparison.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import type { Config } from "../settings/config.ts";
import { planTrial } from "../plan/plan.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import { rehearse } from "../plan/rehearsal.ts";
import type { Stretch } from "../plan/rehearsal.ts";
import type { ReadPhase } from "../verdict/phase-metrics.ts";
import { readingsOf } from "../verdict/cell-metrics.ts";

/** All that a run of these scenarios would measure, found by rehearsing them. */
export async function plannedMetrics(
  config: Config,
  scenarios: readonly Scenario[],
): Promise<ComparedMetric[]> {
  const cells = scenarios.flatMap((scenario) =>
    config.variants.map((variant) =>
      metricsOfTrial(planTrial(scenario, { ...config, scenarios }, variant, 1)),
    ),
  );
  return (await Promise.all(cells)).flat();
}

async function metricsOfTrial(trial: PlannedTrial): Promise<ComparedMetric[]> {
  const { stretches, figures } = await rehearse(trial);
  const { bound, name: variant } = trial.variant;
  const isCounted = trial.target === null || trial.scenario.measures === "counts";
  const shown = {
    phases: stretches.map((stretch) => phaseFrom(stretch, isCounted)),
    figures: figures.map(({ key, unit, better, phase }) => ({
      key,
      unit,
      better,
      bound: "exact" as const,
      // As if all went well.
      value: unit === "text" ? "" : 1,
      phase,
    })),
  };
  const about = {
    delivery: bound.delivery,
    pollIntervalMs: bound.polling?.intervalMs ?? null,
    payloadBytes: trial.workload.payloadBytes,
    isRepeatable: true,
  };
  const scenario = trial.scenario.name;
  return readingsOf(shown, about).map(
    ({ metric: { name: metric, tier, unit, better }, phase }) => ({
      variant,
      scenario,
      phase,
      metric,
      tier,
      unit,
      better,
    }),
  );
}

/** A phase in which something was counted of all that happens in it. */
function phaseFrom(
  { name, clients, dialled, published, sentUp }: Stretch,
  isCounted: boolean,
): ReadPhase {
  const messages = published || sentUp ? 1 : 0;
  const none = { down: 0, up: 0 };
  const some = { down: 1, up: 1 };
  const upstream = { down: sentUp ? 1 : 0, up: 0 };
  return {
    name,
    measured: true,
    clients,
    disconnected: 0,
    deliveries: {
      intended: messages,
      expected: messages,
      delivered: messages,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      corrupted: 0,
      arrived: messages,
    },
    wire: !isCounted
      ? null
      : {
          total: some,
          parts: perPart((part) => (part === "upstream" ? upstream : some)),
          requests: 1,
          answers: messages,
          bodyBytes: 0,
          digitBytes: 0,
          messages,
          sentUp: sentUp ? 1 : 0,
          incidental: ofEach(numberedParts, () => none),
          connections: 0,
          cycle: null,
          link: null,
        },
    setUp: { count: dialled },
    canary: null,
  };
}
