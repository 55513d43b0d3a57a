import { BenchError } from "./errors.ts";
import type { Batch, PlannedTrial } from "./plan.ts";
import { servingFor, settingOf } from "./serving.ts";

/**
 * Has one client of each variant subscribe to the user's own server, started for it where that is wanted,
 * so that what is wrong is told before anything is measured. `setting` is what the user named it by.
 */
export async function proveTarget(plan: readonly Batch[], setting: string): Promise<void> {
  const trials = plan.flat().filter(({ target }) => target !== null);
  const one = new Map(trials.map((trial) => [trial.variant.name, trial]));
  const among = one.size === 1 ? "" : "; name by --transports what it speaks";
  for (const trial of one.values()) await proveOne(trial, setting, among);
}

async function proveOne(trial: PlannedTrial, setting: string, advice: string): Promise<void> {
  await using serving = servingFor(trial, null);
  try {
    await serving.start(settingOf(trial));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = reason.replace(/^publisher: /, "");
    throw new BenchError("usage", `${setting}, with ${trial.variant.name}: ${why}${advice}`);
  }
}
