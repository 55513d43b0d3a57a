import { cpuTicks } from "../machine/host.ts";
import { ownNs } from "../measure/clock.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { precisionOf } from "../plan/precision.ts";
import { nextStep } from "../plan/schedule.ts";
import type { RunSchedule, Step } from "../plan/schedule.ts";
import { calibratePacketNetwork } from "../packets/calibration.ts";
import type { RecordedProxy } from "../results/recorded-proxies.ts";
import type { Results, Trial } from "../results/schema.ts";
import type { Elsewhere } from "./host.ts";
import { MachineLock } from "./machine-lock.ts";
import { playTrial } from "./play-trial.ts";
import type { TrialContext } from "./play-trial.ts";
import { finishResults, newResults } from "./run-record.ts";
import type { MachineNotes } from "./run-record.ts";
import { Standby } from "./standby.ts";

/** Told about a run's progress. */
export interface Observer {
  phase(trial: PlannedTrial, name: string): void;
  /** Further trials will follow those that are known so far. */
  grows(step: Step): Promise<void>;
  trialEnds(trial: Trial): void;
}

export interface RunOptions {
  readonly command: string;
  readonly notes: MachineNotes;
  readonly observer: Observer;
  /** Called with the results so far after every trial, to keep them. */
  readonly save: (results: Results) => Promise<void>;
  /** Where trials run; on this machine when left out. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Ends the run: what has been measured is kept. */
  readonly signal: AbortSignal;
}

/** Plays a schedule to its end. Resolves with the results also when it was interrupted. */
export async function playRun(
  schedule: RunSchedule,
  { command, notes, observer, save, elsewhere, signal }: RunOptions,
): Promise<Results> {
  const { config, goals } = schedule;
  const ticksBefore = cpuTicks();
  const results = await newResults(config, command, notes.before);
  await save(results);
  if (schedule.plan.flat().some(({ network }) => network !== null)) {
    results.run.packetNetwork = await calibratePacketNetwork();
  }
  // Elsewhere, processes take a place that others may be waiting for.
  await using standby = elsewhere === undefined ? new Standby() : null;
  const hostsFor = elsewhere?.hostsFor;
  const keep = async (): Promise<void> => {
    const hosts = elsewhere?.played() ?? [];
    if (hosts.length > 0) results.environment.hosts = [...hosts];
    await save(results);
  };
  for await (const { batch, next } of batchesOf(schedule, results.trials, observer, signal)) {
    standby?.expect(batch, next);
    const own = standby === null ? {} : { standby };
    const tookPart = (proxy: RecordedProxy): void => recordProxy(results, proxy);
    const context = {
      machineLock: new MachineLock(),
      observer,
      signal,
      hostsFor,
      tookPart,
      ...own,
    };
    await playBatch(batch, context, results, keep);
  }
  const status = signal.aborted ? "interrupted" : "complete";
  if (config.precision !== null) {
    const { precision, seed } = config;
    results.run.precision = precisionOf(precision, seed, goals, results.trials, status);
  }
  finishResults(results, status, ticksBefore, notes);
  await save(results);
  return results;
}

/** The most trials of a batch that are under way at once: each has processes that take memory while it waits. */
const mostUnderWay = 24;

/** Plays trials that may wait side by side, and keeps the results after each. */
async function playBatch(
  batch: Batch,
  context: TrialContext & { readonly observer: Observer },
  results: Results,
  keep: () => Promise<void>,
): Promise<void> {
  // One after another, since they may end together.
  let saving = Promise.resolve();
  const waiting = batch.values();
  const playNext = async (): Promise<void> => {
    for (const planned of waiting) {
      const trial = await playTrial(planned, context);
      results.trials.push(trial);
      context.observer.trialEnds(trial);
      saving = saving.then(keep);
      // A failure is thrown below, when all trials have ended.
      saving.catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: Math.min(batch.length, mostUnderWay) }, playNext));
  await saving;
}

/** Keeps each configuration of a proxy once, as it was written first: with the ports of one trial. */
function recordProxy({ environment }: Results, proxy: RecordedProxy): void {
  const { name, configuration } = proxy;
  environment.proxies ??= [];
  const isThere = environment.proxies.some(
    (known) => known.name === name && known.configuration === configuration,
  );
  if (!isThere) environment.proxies.push(proxy);
}

/** Batch after batch, asking for the next step whenever one has been played: `trials` grows meanwhile. */
async function* batchesOf(
  schedule: RunSchedule,
  trials: readonly Trial[],
  observer: Observer,
  signal: AbortSignal,
): AsyncGenerator<{ readonly batch: Batch; readonly next: PlannedTrial | null }> {
  const limitMs = schedule.config.precision?.timeLimitMs ?? 0;
  const endNs = ownNs() + limitMs * 1e6;
  for (let step = nextStep(schedule, trials); step !== null; step = nextStep(schedule, trials)) {
    const isOver = (): boolean => signal.aborted || (step?.why === "precision" && ownNs() >= endNs);
    if (isOver()) return;
    if (step.why !== "planned") await observer.grows(step);
    for (const [index, batch] of step.batches.entries()) {
      if (isOver()) return;
      const following = step.batches[index + 1] ?? batchAfter(batch, schedule);
      yield { batch, next: following?.[0] ?? null };
    }
  }
}

/** The batch that follows all trials of a scenario in the plan. */
function batchAfter([first]: Batch, { plan }: RunSchedule): Batch | undefined {
  return plan[plan.findLastIndex(([other]) => other?.scenario === first?.scenario) + 1];
}
