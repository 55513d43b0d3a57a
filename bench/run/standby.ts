import { hostsOf } from "./host.ts";
import { runsConcurrently } from "../plan/plan.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { TrialProcesses } from "./trial-processes.ts";
import { measuringNeeds, resourceShortage } from "../machine/resource-limits.ts";

/**
 * The processes of the trial that comes next, started while the one before has nothing timed on: until
 * they have loaded what they need takes longer than all else around a trial.
 */
export class Standby implements AsyncDisposable {
  #next: PlannedTrial | null = null;
  /** Those of the batch that is on beside which no process may start. */
  readonly #exclusive = new Set<PlannedTrial>();
  #ready: { readonly trial: PlannedTrial; readonly processes: TrialProcesses } | null = null;

  /** A batch begins; `next` follows it, null where nothing does. */
  expect(batch: Batch, next: PlannedTrial | null): void {
    this.#next = next;
    this.#exclusive.clear();
    for (const trial of batch) if (!runsConcurrently(trial)) this.#exclusive.add(trial);
  }

  /**
   * A trial of the batch has nothing left to measure, or for a while has not: as soon as that is true of
   * all that need the machine, the processes of the next trial are started. Resolves when they are idle;
   * never rejects.
   */
  async prepare(resting: PlannedTrial): Promise<void> {
    this.#exclusive.delete(resting);
    const trial = this.#next;
    // A network of its own has to be there before the processes that live in it.
    if (this.#exclusive.size > 0 || trial === null || trial.netns || this.#ready !== null) return;
    // Where there is room for one trial only, they start when the one before has ended.
    if (resourceShortage(measuringNeeds) !== null) return;
    this.#next = null;
    try {
      this.#ready = { trial, processes: new TrialProcesses(trial, hostsOf(null)) };
    } catch {
      // The trial itself will meet it, and tell.
      return;
    }
    await this.#ready.processes.loaded();
  }

  /** Those that stand by for this trial, which are the caller's to dispose of; null without one. */
  async take(trial: PlannedTrial): Promise<TrialProcesses | null> {
    if (this.#ready?.trial !== trial) return null;
    const { processes } = this.#ready;
    this.#ready = null;
    if (await processes.loaded()) return processes;
    // Those of two trials at once may have been too much for the machine.
    await processes[Symbol.asyncDispose]();
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ready?.processes[Symbol.asyncDispose]();
  }
}
