/** A limit on how often something happens: on average so many times a second, and up to as many at once. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number = performance.now()) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#atMs = nowMs;
  }

  /** Whether it may happen `times` more; then it counts. */
  take(times: number = 1, nowMs: number = performance.now()): boolean {
    const refilled = this.#tokens + ((nowMs - this.#atMs) * this.#perSecond) / 1_000;
    this.#tokens = Math.min(this.#perSecond, refilled);
    this.#atMs = nowMs;
    if (this.#tokens < times) return false;
    this.#tokens -= times;
    return true;
  }
}
