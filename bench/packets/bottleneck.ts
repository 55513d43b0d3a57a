/**
 * A link that sends one packet after the other at its bandwidth, and a drop-tail queue before it. It is arithmetic: a
 * packet's departure is known when it arrives, so nothing depends on how exactly a timer fires.
 */
export class Bottleneck {
  /** 0 for a link that takes no time. */
  readonly #nsPerByte: number;
  readonly #queueBytes: number;
  #freeNs: number;

  /** `queueBytes` counts what waits and what is being sent; `before` is the link's former state, which was busy until then. */
  constructor(bitsPerSecond: number | null, queueBytes: number, before?: Bottleneck) {
    this.#nsPerByte = bitsPerSecond === null ? 0 : 8e9 / bitsPerSecond;
    this.#queueBytes = queueBytes;
    this.#freeNs = before === undefined ? Number.NEGATIVE_INFINITY : before.#freeNs;
  }

  /** When a packet that arrives now has been sent, in nanoseconds; null when the queue has no room for it. */
  admit(bytes: number, nowNs: number): number | null {
    if (this.queuedBytes(nowNs) + bytes > this.#queueBytes) return null;
    this.#freeNs = Math.max(this.#freeNs, nowNs) + bytes * this.#nsPerByte;
    return this.#freeNs;
  }

  queuedBytes(nowNs: number): number {
    if (this.#freeNs <= nowNs || this.#nsPerByte === 0) return 0;
    return (this.#freeNs - nowNs) / this.#nsPerByte;
  }
}
