import { defineScenario } from "../scenarios/scenario.ts";
import type { Stage } from "../scenarios/scenario.ts";
import type { Phase } from "../bench/results/schema.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

/**
 * Plays a script over a variant, in the processes of a whole trial, with clients that watch what stands in between: a
 * relay that can misbehave, in the place of a proxy.
 */
export async function playProxied<T>(
  variant: string,
  play: (stage: Stage & { readonly phases: readonly Phase[] }) => Promise<T>,
): Promise<T> {
  const planned = trialOf(variant, 200);
  const scenario = defineScenario({ ...planned.scenario, usesNetwork: true, usesProxy: true });
  const trial = { ...planned, scenario };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  return await play(new Director(trial, processes, lease, () => {}));
}
