import { ProtocolError } from "./protocol-error.ts";

/**
 * How many frames or events without a message, such as pings, a server may send in a second. A useful server sends
 * far fewer; a flood read at once from a handful of connections takes many seconds of work.
 */
export const maxPerSecond = 10_000;

/** Detects a flood of what brings no message on one connection. */
export class FloodDetector {
  #count = 0;
  #sinceMs = 0;

  /** Counts `by` more; returns whether there were more than `maxPerSecond` within a second. */
  exceeds(by: number = 1): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#sinceMs > 1_000) {
      this.#sinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += by;
    return this.#count > maxPerSecond;
  }
}

/** More than `maxPerSecond` messages that nobody has sent. */
export function floodOfMessages(): ProtocolError {
  return new ProtocolError(
    `more than ${maxPerSecond} messages within a second that nobody had sent`,
  );
}
