import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  initWebAssemblySync,
} from "../results/hdr-histogram.ts";
import type { Histogram as HdrHistogram } from "hdr-histogram-js";
import type { Histogram as EncodedHistogram } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";

/** One hour in nanoseconds: whatever takes longer is recorded as this, and counted as clamped. */
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
 * In WebAssembly, recording takes a fifth of the time; `initWebAssemblySync` must have been called.
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

/** All the counts of several histograms in one. What a single one of them holds is taken over as it is. */
export function mergeHistograms(parts: readonly EncodedHistogram[]): EncodedHistogram {
  const filled = parts.filter(({ count }) => count > 0);
  const [only = empty(), ...others] = filled;
  const count = sum(filled.map((part) => part.count));
  return {
    count,
    minNs: extreme(Math.min, filled, "minNs"),
    maxNs: extreme(Math.max, filled, "maxNs"),
    meanNs: count === 0 ? null : sum(filled.map((part) => part.count * (part.meanNs ?? 0))) / count,
    clamped: sum(parts.map((part) => part.clamped)),
    negative: sum(parts.map((part) => part.negative)),
    encoded: others.length === 0 ? only.encoded : mergedCounts(filled),
  };
}

function mergedCounts(parts: readonly EncodedHistogram[]): string {
  const merged = build64(false);
  for (const part of parts) merged.add(decodeFromCompressedBase64(part.encoded));
  return encodeIntoCompressedBase64(merged);
}

function extreme(
  choose: (...values: number[]) => number,
  parts: readonly EncodedHistogram[],
  key: "minNs" | "maxNs",
): number | null {
  const values = parts.flatMap((part) => part[key] ?? []);
  return values.length === 0 ? null : choose(...values);
}

let emptyHistogram: EncodedHistogram | undefined;

/** Made once: most phases have several. */
function empty(): EncodedHistogram {
  return (emptyHistogram ??= encoded(build64(false), 0, 0));
}

/** The histogram of some durations in nanoseconds. */
export function histogramOf(durationsNs: Iterable<number>): EncodedHistogram {
  const durations = [...durationsNs];
  if (durations.length === 0) return empty();
  // Its mean and percentiles take a tenth of the time there.
  initWebAssemblySync();
  using histogram = new DurationHistogram(true);
  for (const durationNs of durations) histogram.record(durationNs);
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
