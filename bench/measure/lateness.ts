/** Delays below this count as this, in milliseconds. */
const leastMs = 0.001;

/** Each class reaches so many times as far as the one before it: percentiles are up to a hundredth too high. */
const step = 1.01;

/** The last class has all that is longer, which is beyond half an hour. */
const classes = 2_150;

/**
 * Counts delays by their length, in memory that doesn't grow: a process looks at its clock 40 times a second, for as
 * long as a phase may be.
 */
export class Lateness {
  readonly #counts: Uint32Array = new Uint32Array(classes);
  #count = 0;
  #maxMs = 0;

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#maxMs = 0;
  }

  record(ms: number): void {
    const place = Math.ceil(Math.log(Math.max(leastMs, ms) / leastMs) / Math.log(step));
    const last = Math.min(classes - 1, place);
    this.#counts[last] = (this.#counts[last] ?? 0) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** The delay that the share `q` of all, from 0 to 1, doesn't exceed; 1 is the exact maximum, and 0 that of none. */
  percentileMs(q: number): number {
    if (q === 1 || this.#count === 0) return this.#maxMs;
    const wanted = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    const place = this.#counts.findIndex((count) => (seen += count) >= wanted);
    return Math.min(this.#maxMs, leastMs * step ** place);
  }
}
