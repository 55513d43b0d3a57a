import { Refusal } from "./refusal.ts";

/**
 * What a server may send within a second that brings no message: pings, say. Far fewer are of any use; of a
 * flood, what is read at once from a handful of connections is many seconds of work.
 */
export const mostWithinSecond = 10_000;

/** Notices a flood of what brings no message on one connection. */
export class Flood {
  #count = 0;
  #sinceMs = 0;

  /** Counts so many more; returns whether that is too many. */
  swells(by: number = 1): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#sinceMs > 1_000) {
      this.#sinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += by;
    return this.#count > mostWithinSecond;
  }
}

/** What more messages than that come to which nobody has sent. */
export function floodOfMessages(): Refusal {
  return new Refusal(`more than ${mostWithinSecond} messages within a second that nobody had sent`);
}
