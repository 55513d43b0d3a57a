/** How one direction of a connection is carried. */
export interface Carriage {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Each piece takes up to this much more or less, in milliseconds; none overtakes the one before. */
  readonly jitterMs: number;
  /** Of each connection; null for no limit. */
  readonly bytesPerSecond: number | null;
  /** Nothing is forwarded, and what is under way waits. */
  readonly isStalled: boolean;
  /** Pieces are at most this long; null for pieces as they were read. */
  readonly sliceBytes: number | null;
  /** Bytes are held back, as proxies do that buffer answers; null where they go on at once. */
  readonly hold: Hold | null;
}

/** What is held back goes on when it comes to so many bytes, or its first byte has waited for so long. */
export interface Hold {
  readonly bytes: number;
  readonly forMs: number;
}

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
