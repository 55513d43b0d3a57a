import { hostsOf } from "./host.ts";
import { runsConcurrently } from "../plan/plan.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { TrialProcesses } from "./trial-processes.ts";
import { measuringNeeds, resourceShortage } from "../machine/resource-limits.ts";

/**
 * Starts the processes of the next trial while the current one times nothing: loading their modules takes longer
 * than everything else around a trial.
 */
export class Standby implements AsyncDisposable {
  #next: PlannedTrial | null = null;
  /** The trials of the current batch during which no process may start. */
  readonly #exclusive = new Set<PlannedTrial>();
  #ready: { readonly trial: PlannedTrial; readonly processes: TrialProcesses } | null = null;

  /** A batch begins; `next` follows it, null where nothing does. */
  expect(batch: Batch, next: PlannedTrial | null): void {
    this.#next = next;
    this.#exclusive.clear();
    for (const trial of batch) if (!runsConcurrently(trial)) this.#exclusive.add(trial);
  }

  /**
   * Called when a trial of the batch measures nothing any more, or for a while. As soon as that holds for all of
   * `#exclusive`, the processes of the next trial are started. Resolves when they are idle; never rejects.
   */
  async prepare(resting: PlannedTrial): Promise<void> {
    this.#exclusive.delete(resting);
    const trial = this.#next;
    // A network of its own has to be there before the processes that live in it.
    if (this.#exclusive.size > 0 || trial === null || this.#ready !== null) return;
    if (trial.netns || trial.network !== null) return;
    // Where resources suffice for one trial only, its processes start when the trial before has ended.
    if (resourceShortage(measuringNeeds) !== null) return;
    this.#next = null;
    try {
      this.#ready = { trial, processes: new TrialProcesses(trial, hostsOf(null)) };
    } catch {
      // The trial itself will fail in the same way, and report it.
      return;
    }
    await this.#ready.processes.loaded();
  }

  /** The processes that stand by for this trial, which the caller disposes of; null where there are none. */
  async take(trial: PlannedTrial): Promise<TrialProcesses | null> {
    if (this.#ready?.trial !== trial) return null;
    const { processes } = this.#ready;
    this.#ready = null;
    if (await processes.loaded()) return processes;
    // The processes of two trials at once may have been too much for the machine.
    await processes[Symbol.asyncDispose]();
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ready?.processes[Symbol.asyncDispose]();
  }
}
