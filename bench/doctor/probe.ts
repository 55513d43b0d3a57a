import { resolveConfig } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { playTrial } from "../run/play-trial.ts";
import { MachineLock } from "../run/machine-lock.ts";
import { planRun } from "../plan/plan.ts";
import type { Resources, Trial } from "../results/schema.ts";
import { warningMeanings } from "../results/warnings.ts";
import { workMs } from "../results/work-time.ts";
import type { Probed } from "./diagnosis.ts";
import type { Failed } from "./rate.ts";

/** As many clients as the scenario has by default. */
const clients = 50;

const settings = {
  transports: ["websocket"],
  scenarios: ["latency"],
  clients,
  payload: 256,
  duration: 1_000,
  warmup: 500,
  trials: 1,
  seed: 1,
};

/** Plays a trial as `bench run` would; resolves with what a second of it used, or why it failed. */
export async function probe(deliveriesPerSecond: number): Promise<Probed | Failed> {
  const rate = deliveriesPerSecond / clients;
  const [trial] = planRun(resolveConfig({ ...settings, rate }, asFlag, settings.seed)).flat();
  if (trial === undefined) return { failed: "nothing was planned" };
  const context = {
    machineLock: new MachineLock(),
    observer: { phase: () => {} },
    signal: new AbortController().signal,
  };
  return probedIn(await playTrial(trial, context), settings.payload);
}

/** Reads what one trial of the scenario `latency` used. */
export function probedIn(trial: Trial, payloadBytes: number): Probed | Failed {
  if (trial.outcome.status === "failed") return { failed: trial.outcome.reason };
  const steady = trial.phases.find(({ name }) => name === "steady");
  const server = steady?.resources.find((used) => used.process === "server");
  const load = steady?.resources.find((used) => used.process === "load");
  if (steady === undefined || server === undefined || load === undefined) {
    return { failed: "the trial has no steady phase" };
  }
  return {
    variant: trial.variant,
    clients: steady.clients,
    payloadBytes,
    deliveriesPerSecond: (steady.deliveries.arrived / steady.durationMs) * 1_000,
    serverCpuShare: cpuShare(server),
    loadCpuShare: cpuShare(load),
    loadUtilisation: load.utilisation ?? 0,
    doubts: trial.warnings.map(({ code, detail }) => `${warningMeanings[code].brief}: ${detail}`),
  };
}

/** The share of one core that was used, without busy-waiting. */
function cpuShare(used: Resources): number {
  return Math.max(0, workMs(used)) / used.durationMs;
}
