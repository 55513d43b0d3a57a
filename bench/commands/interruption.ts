import { setMaxListeners } from "node:events";
import { exitCodes } from "../errors/errors.ts";
import { outlivesTerminal } from "./hang-up.ts";
import { nowNs } from "../measure/clock.ts";

/** What comes sooner after the first signal is the same one again, handed on by npm or a shell. */
const againMs = 500;

/**
 * The first signal ends the run in order; a later one ends this process, and with it all others. A terminal
 * that hangs up is no reason to end where the user has said so, by `nohup`.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  #interruptedNs = 0;

  constructor() {
    // Each trial that waits side by side with others listens.
    setMaxListeners(0, this.signal);
    for (const name of this.#signals) process.on(name, this.#interrupt);
    if (!outlivesTerminal()) process.on("SIGHUP", this.#hangUp);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #interrupt = (): void => {
    if (!this.signal.aborted) this.#end();
    else if (nowNs() - this.#interruptedNs > againMs * 1e6) process.exit(exitCodes.interrupted);
  };

  /** Comes from the kernel and from the shell, and must not end what then saves results. */
  readonly #hangUp = (): void => {
    if (!this.signal.aborted) this.#end();
  };

  #end(): void {
    this.#interruptedNs = nowNs();
    process.stderr.write("\ninterrupted: stopping, and keeping what was measured\n");
    this.#controller.abort();
  }

  /** Of a terminal that has hung up nothing more is to be heard. */
  [Symbol.dispose](): void {
    for (const name of this.#signals) process.off(name, this.#interrupt);
  }
}
