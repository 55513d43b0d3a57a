import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Histogram as HdrHistogram } from "hdr-histogram-js";
import type { Histogram as EncodedHistogram } from "../results/schema.ts";

/** One hour: whatever takes longer is kept as this, and counted. */
export const highestNs = 3_600_000_000_000;

const build64 = (useWebAssembly: boolean): HdrHistogram =>
  build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly,
  });

/**
 * Counts of durations in nanoseconds, to three significant digits.
 *
 * In WebAssembly, recording takes a fifth of the time; `initWebAssembly` must have been awaited.
 */
export class DurationHistogram implements Disposable {
  readonly #histogram: HdrHistogram;
  #clamped = 0;
  #negative = 0;

  constructor(useWebAssembly: boolean) {
    this.#histogram = build64(useWebAssembly);
  }

  record(durationNs: number): void {
    if (durationNs >= 0 && durationNs <= highestNs) this.#histogram.recordValue(durationNs);
    else this.#recordOutside(durationNs);
  }

  #recordOutside(durationNs: number): void {
    if (durationNs > highestNs) {
      this.#clamped += 1;
      this.#histogram.recordValue(highestNs);
    } else {
      this.#negative += 1;
    }
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  reset(): void {
    this.#histogram.reset();
    this.#clamped = 0;
    this.#negative = 0;
  }

  encode(): EncodedHistogram {
    return encoded(this.#histogram, this.#clamped, this.#negative);
  }

  /** WebAssembly memory isn't freed by garbage collection. */
  [Symbol.dispose](): void {
    this.#histogram.destroy();
  }
}

/** All the counts of several histograms in one. */
export function mergeHistograms(parts: readonly EncodedHistogram[]): EncodedHistogram {
  const merged = build64(false);
  let clamped = 0;
  let negative = 0;
  for (const part of parts) {
    merged.add(decodeFromCompressedBase64(part.encoded));
    clamped += part.clamped;
    negative += part.negative;
  }
  return encoded(merged, clamped, negative);
}

/** The histogram of some durations in nanoseconds. */
export function histogramOf(durationsNs: Iterable<number>): EncodedHistogram {
  using histogram = new DurationHistogram(false);
  for (const durationNs of durationsNs) histogram.record(durationNs);
  return histogram.encode();
}

function encoded(histogram: HdrHistogram, clamped: number, negative: number): EncodedHistogram {
  const count = histogram.totalCount;
  const exists = count > 0;
  return {
    count,
    minNs: exists ? histogram.getValueAtPercentile(0) : null,
    maxNs: exists ? histogram.maxValue : null,
    meanNs: exists ? histogram.mean : null,
    clamped,
    negative,
    encoded: encodeIntoCompressedBase64(histogram),
  };
}
