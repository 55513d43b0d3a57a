import type { BrokenOff } from "../../scenarios/scenario.ts";
import { residentBytes } from "../machine/kernel.ts";
import { nowNs } from "../measure/clock.ts";
import type { Schedule } from "../measure/pacer.ts";

/** What waits to be sent may be in this process; before it takes the machine's memory, sending ends. */
const mostGrownBytes = 2 ** 30;

/** How often memory is looked at, which takes longer than sending a message. */
const lookEveryNs = 50e6;

/** A schedule that ends early where sending it has become hopeless. */
export class OverloadWatch implements Schedule {
  /** Why it ended; null where it was played in full. */
  brokenOff: BrokenOff | null = null;
  /** How many are sent: all, or those that were when it ended. */
  count: number;
  readonly #whole: Schedule;
  readonly #latestNs: number;
  readonly #residentBefore = residentBytes() ?? 0;
  #lookedNs = nowNs();

  /** Messages may be sent `latestMs` after they were due. */
  constructor(whole: Schedule, latestMs: number) {
    this.#whole = whole;
    this.#latestNs = latestMs * 1e6;
    this.count = whole.count;
  }

  dueNs(index: number): number {
    return this.#whole.dueNs(index);
  }

  /** `send`, after each of which it looks. */
  watched(send: (index: number, dueNs: number) => void): typeof send {
    return (index, dueNs) => {
      send(index, dueNs);
      const why = this.#hopeless(nowNs(), dueNs);
      if (why === null || index + 1 === this.count) return;
      this.brokenOff = why;
      // The pacer then finds nothing left.
      this.count = index + 1;
    };
  }

  #hopeless(now: number, dueNs: number): BrokenOff | null {
    if (now - dueNs > this.#latestNs) return "late";
    if (now - this.#lookedNs < lookEveryNs) return null;
    this.#lookedNs = now;
    return (residentBytes() ?? 0) - this.#residentBefore > mostGrownBytes ? "memory" : null;
  }
}
