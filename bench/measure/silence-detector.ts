import { formatMs } from "../../transports/option-values.ts";

/** What bytes come in by, and is ended where none do. */
export interface Heard {
  readonly heardBytes: number;
  fail(why: Error): void;
}

/** Looks per time limit: by so much of it, a silence may be noticed later. */
const looks = 200;

/**
 * Takes those for dead of which nothing has been heard for a while, as applications do by a timer. It reads the sockets'
 * own counts now and then, so that messages pay nothing for it.
 */
export class SilenceDetector {
  readonly #limitMs: number;
  readonly #last = new Map<Heard, { bytes: number; atMs: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  watch(one: Heard, nowMs: number = performance.now()): void {
    this.#last.set(one, { bytes: one.heardBytes, atMs: nowMs });
    this.#timer ??= setInterval(() => {
      // What has come while this process was busy is read first.
      setImmediate(() => this.look(performance.now()));
    }, this.#limitMs / looks);
  }

  forget(one: Heard): void {
    this.#last.delete(one);
    if (this.#last.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  look(nowMs: number): void {
    for (const [one, last] of this.#last) {
      const { heardBytes } = one;
      if (heardBytes !== last.bytes) {
        last.bytes = heardBytes;
        last.atMs = nowMs;
      } else if (nowMs - last.atMs >= this.#limitMs) {
        this.forget(one);
        one.fail(new Error(`nothing was heard for ${formatMs(this.#limitMs)}`));
      }
    }
  }
}
