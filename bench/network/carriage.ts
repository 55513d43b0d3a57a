import type { Carriage } from "../../scenarios/scenario.ts";

export const asItComes: Carriage = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: null,
  isStalled: false,
  sliceBytes: null,
  hold: null,
};

/** Whether a piece that meets nothing before it can be passed on at once. */
export function isDirect({ delayMs, jitterMs, bytesPerSecond, isStalled }: Carriage): boolean {
  return delayMs === 0 && jitterMs === 0 && bytesPerSecond === null && !isStalled;
}

/** Tells when pieces of one stream arrive at its other end. Times are in milliseconds, on any clock that goes forward. */
export class ArrivalTimes {
  readonly #random: () => number;
  /** When the link is free again. */
  #freeMs = 0;
  #lastMs = 0;

  /** `random` is in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Takes a piece of so many bytes that is handed over now. */
  arrivalMs(
    bytes: number,
    nowMs: number,
    {
      delayMs,
      jitterMs,
      bytesPerSecond,
    }: Pick<Carriage, "delayMs" | "jitterMs" | "bytesPerSecond">,
  ): number {
    const takesMs = bytesPerSecond === null ? 0 : (1_000 * bytes) / bytesPerSecond;
    this.#freeMs = Math.max(this.#freeMs, nowMs) + takesMs;
    const jitter = jitterMs === 0 ? 0 : jitterMs * (2 * this.#random() - 1);
    this.#lastMs = Math.max(this.#lastMs, this.#freeMs + Math.max(0, delayMs + jitter));
    return this.#lastMs;
  }
}
