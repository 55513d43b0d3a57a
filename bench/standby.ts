import { Crew } from "./crew.ts";
import type { PlannedTrial } from "./plan.ts";

/**
 * The processes of the trial that comes next, started while the one before has nothing timed on: until
 * they have loaded what they need takes longer than all else around a trial.
 */
export class Standby implements AsyncDisposable {
  /** Null where it isn't known yet, or doesn't follow at once. */
  next: PlannedTrial | null = null;
  #ready: { readonly trial: PlannedTrial; readonly crew: Crew } | null = null;

  /** Begins to start the processes of the next trial. Resolves when they are idle; never rejects. */
  async prepare(): Promise<void> {
    const trial = this.next;
    // A network of its own has to be there before the processes that live in it.
    if (trial === null || trial.netns) return;
    this.next = null;
    try {
      this.#ready = { trial, crew: new Crew(trial, null) };
    } catch {
      // The trial itself will meet it, and tell.
      return;
    }
    await this.#ready.crew.loaded();
  }

  /** The crew that stands by for this trial, which is the caller's to dispose of; null without one. */
  async take(trial: PlannedTrial): Promise<Crew | null> {
    if (this.#ready?.trial !== trial) return null;
    const { crew } = this.#ready;
    this.#ready = null;
    if (await crew.loaded()) return crew;
    // Two crews at once may have been too much for the machine.
    await crew[Symbol.asyncDispose]();
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ready?.crew[Symbol.asyncDispose]();
  }
}
