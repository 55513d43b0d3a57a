import { decodeFromCompressedBase64 } from "./hdr-histogram.ts";
import type { Histogram } from "./schema.ts";

/**
 * The value in nanoseconds below which the share `q`, 0 to 1, of the recorded values lies, to three
 * significant digits. Null when there are fewer than 10 / (1 - q) values: then it rests on fewer than
 * ten of them, and another run would show another.
 */
export function percentileNs(histogram: Histogram, q: number): number | null {
  if (!supportsPercentile(histogram.count, q)) return null;
  return decodeFromCompressedBase64(histogram.encoded).getValueAtPercentile(q * 100);
}

/** Percentiles of several histograms merged. */
export interface MergedPercentiles {
  readonly count: number;
  /** Like `percentileNs`, over all their values. */
  readonly valueNs: (q: number) => number | null;
  /** The same of these values alone, however few they are; null where there is none. */
  readonly recordedNs: (q: number) => number | null;
}

/** Each is decoded once, however many percentiles are asked for. */
export function mergedPercentiles(histograms: readonly Histogram[]): MergedPercentiles {
  const [first, ...others] = histograms.map(({ encoded }) => decodeFromCompressedBase64(encoded));
  if (first === undefined) return { count: 0, valueNs: () => null, recordedNs: () => null };
  // One from outside may have another range.
  first.autoResize = true;
  for (const other of others) first.add(other);
  const count = first.totalCount;
  const recordedNs = (q: number): number | null =>
    count === 0 ? null : first.getValueAtPercentile(q * 100);
  return {
    count,
    valueNs: (q) => (supportsPercentile(count, q) ? recordedNs(q) : null),
    recordedNs,
  };
}

/** Whether a histogram from outside is one. */
export function canDecode({ encoded, count }: Histogram): boolean {
  try {
    return decodeFromCompressedBase64(encoded).totalCount === count;
  } catch {
    return false;
  }
}

export function supportsPercentile(count: number, q: number): boolean {
  // A hair less, since 1 - 0.99 is not exactly a hundredth.
  return count > 0 && count >= 10 / (1 - q) - 1e-6;
}
