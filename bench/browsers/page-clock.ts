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

/** Aligns a page's clock with this process's. */
export class PageClock {
  readonly #resolutionNs: number;
  #aheadNs = 0;
  #boundNs = Number.POSITIVE_INFINITY;

  /** A reading may be behind the time by as much as `resolutionMs`. */
  constructor(resolutionMs: number) {
    this.#resolutionNs = resolutionMs * 1e6;
  }

  /** Aligns it anew by exchanges that followed each other. */
  align(exchanges: readonly ClockExchange[]): void {
    const { lowNs, highNs } = aheadIn(exchanges);
    this.#aheadNs = (lowNs + highNs) / 2;
    this.#boundNs = (highNs - lowNs) / 2 + this.#resolutionNs;
  }

  /** Looks how well it was aligned, by exchanges later on: if it has drifted meanwhile, the bound has that in it. */
  check(exchanges: readonly ClockExchange[]): void {
    const { lowNs, highNs } = aheadIn(exchanges);
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
