import { formatMs } from "../../transports/option-values.ts";
import { Mismatch } from "./mismatch.ts";

/** Waits for what may never come, and names it then. */
export class Waiter {
  readonly limitMs: number;

  /** `limitMs` is how long it waits for one thing; unless it is told, for longer than a busy machine may take. */
  constructor(limitMs = 60_000) {
    this.limitMs = limitMs;
  }

  /** The outcome of `step`. Rejects with a `Mismatch` where it doesn't come in time. */
  async for<T>(expected: string, step: PromiseLike<T>, received?: () => string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(this.#lateness(expected, received)), this.limitMs);
    });
    try {
      return await Promise.race([step, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves at a turn of the event loop at which something holds that nobody tells of; rejects as `for` does. */
  async until(expected: string, holds: () => boolean): Promise<void> {
    const endMs = performance.now() + this.limitMs;
    while (!holds()) {
      if (performance.now() > endMs) throw this.#lateness(expected);
      await new Promise(setImmediate);
    }
  }

  #lateness(expected: string, received = (): string => "nothing of the kind"): Mismatch {
    return new Mismatch(expected, `${received()} within ${formatMs(this.limitMs)}`);
  }
}
