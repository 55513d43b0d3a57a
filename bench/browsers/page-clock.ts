/*
 * A page's clock counts from where it was opened, in steps, and may run at another rate. What it read at a moment that
 * lies between two readings of this process's clock tells how far both are apart, within these two. Of several such
 * exchanges the narrowest ends hold at once, as long as they follow each other closely.
 */

/** A reading of the page's clock between two of this process's. */
export interface ClockExchange {
  readonly sentNs: number;
  readonly pageMs: number;
  readonly receivedNs: number;
}

/** By how much this process's clock is ahead of readings of the page's: between these two, in nanoseconds. */
interface Ahead {
  readonly lowNs: number;
  readonly highNs: number;
}

/** Of a page's clock that begins at a time of this machine's own, that is told in microseconds. */
const originStepNs = 1_000;

/** Aligns a page's clock with this process's. */
export class PageClock {
  readonly #resolutionNs: number;
  readonly #originNs: number | null;
  #aheadNs = 0;
  #boundNs = Number.POSITIVE_INFINITY;

  /**
   * A reading may be behind the time by as much as `resolutionMs`. `originMs` is where the browser says that it begins, on
   * this machine's own clock; null where it doesn't.
   */
  constructor(resolutionMs: number, originMs: number | null = null) {
    this.#resolutionNs = resolutionMs * 1e6;
    this.#originNs = originMs === null ? null : originMs * 1e6;
  }

  /** Aligns it anew by exchanges that followed each other. */
  align(exchanges: readonly ClockExchange[]): void {
    const ahead = aheadIn(exchanges);
    const { lowNs, highNs } = ahead;
    if (this.#originNs !== null && this.#allows(ahead, this.#originNs)) {
      this.#aheadNs = this.#originNs;
      this.#boundNs = this.#resolutionNs + originStepNs;
      return;
    }
    this.#aheadNs = (lowNs + highNs) / 2;
    this.#boundNs = (highNs - lowNs) / 2 + this.#resolutionNs;
  }

  /** Whether exchanges don't say otherwise. */
  #allows({ lowNs, highNs }: Ahead, aheadNs: number): boolean {
    return aheadNs >= lowNs - this.#resolutionNs - originStepNs && aheadNs <= highNs + originStepNs;
  }

  /** Looks how well it was aligned, by exchanges later on: if it has drifted meanwhile, the bound has that in it. */
  check(exchanges: readonly ClockExchange[]): void {
    const ahead = aheadIn(exchanges);
    const { lowNs, highNs } = ahead;
    if (this.#aheadNs === this.#originNs && this.#allows(ahead, this.#aheadNs)) return;
    const off = Math.max(this.#aheadNs - lowNs, highNs - this.#aheadNs);
    this.#boundNs = Math.max(this.#boundNs, off + this.#resolutionNs);
  }

  /** A reading of the page's clock as a time of this process's, wrong by `boundNs` at most. */
  nsOf(pageMs: number): number {
    return pageMs * 1e6 + this.#aheadNs;
  }

  get boundNs(): number {
    return this.#boundNs;
  }
}

function aheadIn(exchanges: readonly ClockExchange[]): Ahead {
  const each = exchanges.map(({ sentNs, pageMs, receivedNs }) => ({
    lowNs: sentNs - pageMs * 1e6,
    highNs: receivedNs - pageMs * 1e6,
  }));
  const lowNs = Math.max(...each.map((one) => one.lowNs));
  const highNs = Math.min(...each.map((one) => one.highNs));
  if (lowNs <= highNs) return { lowNs, highNs };
  // It was set meanwhile, or runs at quite another rate: then one exchange has to do.
  return each.reduce((best, one) =>
    one.highNs - one.lowNs < best.highNs - best.lowNs ? one : best,
  );
}
