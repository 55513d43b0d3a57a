import type { BrokenOff } from "../../scenarios/scenario.ts";
import { residentBytes } from "../machine/kernel.ts";
import { nowNs } from "../measure/clock.ts";
import type { Schedule } from "../measure/pacer.ts";

const lookEveryMs = 50;

/** What waits to be sent may be in this process; before it takes the machine's memory, sending ends. */
const mostGrownBytes = 2 ** 30;

/** A schedule that ends early where sending it has become hopeless: looked at now and then, and not at each message. */
export class OverloadWatch implements Schedule, Disposable {
  /** Why it ended; null where it was played in full. */
  brokenOff: BrokenOff | null = null;
  /** How many are sent: all, or those that were when it ended. */
  count: number;
  readonly #whole: Schedule;
  readonly #startNs: number;
  readonly #latestNs: number;
  readonly #residentBefore = residentBytes() ?? 0;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  /** Messages may be sent `latestMs` after they were due. */
  constructor(whole: Schedule, startNs: number, latestMs: number) {
    this.#whole = whole;
    this.#startNs = startNs;
    this.#latestNs = latestMs * 1e6;
    this.count = whole.count;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  dueNs(index: number): number {
    return this.#whole.dueNs(index);
  }

  /** `send`, whose messages it counts. */
  counting(send: (index: number, dueNs: number) => void): typeof send {
    return (index, dueNs) => {
      this.#sent = index + 1;
      send(index, dueNs);
    };
  }

  #look(): void {
    if (this.#sent === 0 || this.#sent === this.count) return;
    const lateNs = nowNs() - this.#startNs - this.dueNs(this.#sent);
    if (lateNs > this.#latestNs) this.#breakOff("late");
    else if ((residentBytes() ?? 0) - this.#residentBefore > mostGrownBytes) {
      this.#breakOff("memory");
    }
  }

  #breakOff(why: BrokenOff): void {
    this.brokenOff = why;
    // The pacer then finds nothing left.
    this.count = this.#sent;
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
