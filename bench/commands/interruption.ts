import { setMaxListeners } from "node:events";
import { exitCodes } from "../errors/errors.ts";
import { outlivesTerminal } from "./hang-up.ts";

/** A second signal within this time is the first one again, handed on by npm or a shell. */
export const againMs = 500;

/**
 * The first signal ends the run in order; a later one ends this process, and with it all others. Under `nohup`, a
 * terminal that hangs up doesn't end the run.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  #interruptedMs = 0;

  constructor() {
    // Each trial of a concurrent batch adds a listener.
    setMaxListeners(0, this.signal);
    for (const name of this.#signals) process.on(name, this.#interrupt);
    if (!outlivesTerminal()) process.on("SIGHUP", this.#hangUp);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #interrupt = (): void => {
    if (!this.signal.aborted) this.#end();
    else if (performance.now() - this.#interruptedMs > againMs) process.exit(exitCodes.interrupted);
  };

  /** SIGHUP comes both from the kernel and from the shell: the second one must not end the saving of results. */
  readonly #hangUp = (): void => {
    if (!this.signal.aborted) this.#end();
  };

  #end(): void {
    this.#interruptedMs = performance.now();
    process.stderr.write("\ninterrupted: stopping, and keeping what was measured\n");
    this.#controller.abort();
  }

  /** Stops handling signals, except SIGHUP: nothing can be reported any more to a terminal that has hung up. */
  [Symbol.dispose](): void {
    for (const name of this.#signals) process.off(name, this.#interrupt);
  }
}
