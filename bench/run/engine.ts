import { nextStep } from "../plan/schedule.ts";
import type { RunSchedule, Step } from "../plan/schedule.ts";
import type { Config } from "../settings/config.ts";
import { configurationOf } from "../settings/configuration.ts";
import { Director } from "./director.ts";
import { faultIn } from "../settings/fault.ts";
import { hostsOf } from "./host.ts";
import { Mutex } from "./mutex.ts";
import { nowNs } from "../measure/clock.ts";
import { cpuTicks } from "../machine/host.ts";
import { Network } from "../network/network.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { trialsOf, workloadOf } from "../plan/plan.ts";
import { precisionOf } from "../plan/precision.ts";
import { environmentAfter, environmentNow } from "../results/environment.ts";
import { resultsFormat, schemaVersion } from "../results/schema.ts";
import type { ClockCheck, MachineNote, TrialOutcome, Results, Trial } from "../results/schema.ts";
import { addressesWanted } from "./serving.ts";
import { Standby } from "./standby.ts";
import { recordedTarget } from "../settings/target.ts";
import { TrialProcesses } from "./trial-processes.ts";
import { failure } from "./trial-failure.ts";
import { invalidates } from "../results/warnings.ts";
import { recordedVariant } from "../settings/variant.ts";

/** What a run tells on its way. */
export interface Observer {
  phase(trial: PlannedTrial, name: string): void;
  /** Further trials will follow those that are known so far. */
  grows(step: Step): Promise<void>;
  batchEnds(trials: readonly Trial[]): void;
}

/** What there is to say of the machine: before a run, and when it has ended. */
export interface MachineNotes {
  readonly before: readonly MachineNote[];
  /** Knowing which share of the processor's time was stolen meanwhile; null where the system doesn't say. */
  readonly after: (stolen: number | null) => readonly MachineNote[];
}

export interface RunOptions {
  readonly command: string;
  readonly notes: MachineNotes;
  readonly observer: Observer;
  /** Called with the results so far after every trial; what it has taken is safe. */
  readonly save: (results: Results) => Promise<void>;
  /** Ends the run: what has been measured is kept. */
  readonly signal: AbortSignal;
}

/** Plays a schedule to its end. Resolves with the results also when it was interrupted. */
export async function playRun(
  schedule: RunSchedule,
  { command, notes, observer, save, signal }: RunOptions,
): Promise<Results> {
  const { config, goals } = schedule;
  const ticksBefore = cpuTicks();
  const results = await newResults(config, command, notes.before);
  await save(results);
  await using standby = new Standby();
  for await (const { batch, next } of batchesOf(schedule, results.trials, observer, signal)) {
    standby.expect(batch, next);
    const mutex = new Mutex();
    // One after another, since trials that wait side by side may end together.
    let saving = Promise.resolve();
    const trials = await Promise.all(
      batch.map(async (planned) => {
        const trial = await playTrial(planned, { mutex, observer, signal, standby });
        results.trials.push(trial);
        saving = saving.then(() => save(results));
        // A failure is thrown below, when no trial is on any more.
        saving.catch(() => {});
        return trial;
      }),
    );
    await saving;
    observer.batchEnds(trials);
  }
  const status = signal.aborted ? "interrupted" : "complete";
  if (config.precision !== null) {
    results.run.precision = precisionOf(
      config.precision,
      config.seed,
      goals,
      results.trials,
      status,
    );
  }
  finished(results, status, ticksBefore, notes);
  await save(results);
  return results;
}

/** Notes how and when a run has ended, and what its host has seen meanwhile. */
export function finished(
  results: Results,
  status: "complete" | "interrupted",
  ticksBefore: ReturnType<typeof cpuTicks>,
  notes: MachineNotes,
): void {
  results.run.status = status;
  results.run.finishedAt = new Date().toISOString();
  results.environment = environmentAfter(results.environment, ticksBefore);
  results.run.notes = [...notes.after(results.environment.host.stealShare)];
}

/** Batch after batch, asking for the next step whenever one has been played: `trials` grows meanwhile. */
async function* batchesOf(
  schedule: RunSchedule,
  trials: readonly Trial[],
  observer: Observer,
  signal: AbortSignal,
): AsyncGenerator<{ readonly batch: Batch; readonly next: PlannedTrial | null }> {
  const limitMs = schedule.config.precision?.timeLimitMs ?? 0;
  const endNs = nowNs() + limitMs * 1e6;
  for (let step = nextStep(schedule, trials); step !== null; step = nextStep(schedule, trials)) {
    const isOver = (): boolean => signal.aborted || (step?.why === "precision" && nowNs() >= endNs);
    if (isOver()) return;
    if (step.why !== "planned") await observer.grows(step);
    for (const [index, batch] of step.batches.entries()) {
      if (isOver()) return;
      const following = step.batches[index + 1] ?? batchAfter(batch, schedule);
      yield { batch, next: following?.[0] ?? null };
    }
  }
}

/** What the plan has after all trials of a scenario. */
function batchAfter([first]: Batch, { plan }: RunSchedule): Batch | undefined {
  return plan[plan.findLastIndex(([other]) => other?.scenario === first?.scenario) + 1];
}

/** Where a trial is played. */
export interface Stand {
  readonly mutex: Mutex;
  readonly observer: Pick<Observer, "phase">;
  readonly signal: AbortSignal;
  /** Of a run whose next trial is known. */
  readonly standby?: Standby;
}

/** Plays one trial in fresh processes. Never rejects: whatever goes wrong is the trial's outcome. */
export async function playTrial(
  planned: PlannedTrial,
  { mutex, observer, signal, standby }: Stand,
): Promise<Trial> {
  using lease = await mutex.acquire();
  const startedAt = new Date().toISOString();
  const startNs = nowNs();
  let director: Director | undefined;
  let outcome: TrialOutcome;
  let clocks: ClockCheck[] = [];
  try {
    signal.throwIfAborted();
    // One for each trial, as with processes: nothing of another trial crosses it.
    await using network = planned.netns
      ? await Network.open(addressesWanted(planned.workload))
      : null;
    await using processes =
      (await standby?.take(planned)) ?? new TrialProcesses(planned, hostsOf(network));
    // Making them takes a while, in which nobody listens for the end of the run.
    signal.throwIfAborted();
    // Ending the processes ends whatever verb is on.
    const end = (): void => void processes[Symbol.asyncDispose]();
    signal.addEventListener("abort", end);
    try {
      await processes.start();
      clocks = processes.clocks;
      director = new Director(
        planned,
        processes,
        lease,
        (name) => observer.phase(planned, name),
        async () => standby?.prepare(planned),
      );
      await planned.scenario.play(director);
      // What ends now and what starts next are in nobody's way.
      void standby?.prepare(planned);
      lease.release();
      const doubtful = director.warnings.some(({ code }) => invalidates(code));
      outcome = { status: doubtful ? "invalid" : "valid" };
    } finally {
      signal.removeEventListener("abort", end);
    }
  } catch (error) {
    outcome = signal.aborted ? { status: "interrupted" } : failure(error);
  }
  return {
    variant: planned.variant.name,
    scenario: planned.scenario.name,
    repetition: planned.repetition,
    startedAt,
    durationMs: (nowNs() - startNs) / 1e6,
    outcome,
    clocks,
    warnings: director?.warnings ?? [],
    phases: director?.phases ?? [],
    figures: director?.figures ?? [],
  };
}

/** Those of a run that has yet to begin. */
export async function newResults(
  config: Config,
  command: string,
  notes: readonly MachineNote[],
): Promise<Results> {
  const fault = faultIn(process.env);
  return {
    format: resultsFormat,
    schemaVersion,
    run: {
      status: "running",
      startedAt: new Date().toISOString(),
      finishedAt: null,
      command,
      seed: config.seed,
      profile: config.profile,
      configuration: configurationOf(config),
      precision:
        config.precision === null
          ? null
          : precisionOf(config.precision, config.seed, [], [], "running"),
      fault: fault === null ? null : JSON.stringify(fault),
      netns: config.netns,
      notes: [...notes],
      target: recordedTarget(config.target),
      pairing: null,
    },
    environment: await environmentNow(),
    variants: config.variants.map((variant) => ({
      ...recordedVariant(variant),
      title: variant.title,
      delivery: variant.bound.delivery,
      pollIntervalMs: variant.bound.polling?.intervalMs ?? null,
      reference: variant.reference,
    })),
    scenarios: config.scenarios.map((scenario) => ({
      name: scenario.name,
      summary: scenario.summary,
      workload: scenario.describe(workloadOf(scenario, config)),
    })),
    cells: config.scenarios.flatMap((scenario) =>
      config.variants.map((variant) => ({
        variant: variant.name,
        scenario: scenario.name,
        workload: workloadOf(scenario, config),
        trials: trialsOf(scenario, config),
      })),
    ),
    trials: [],
  };
}
