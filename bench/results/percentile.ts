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

/**
 * The value in nanoseconds that this many of all recorded values don't exceed, to three significant digits; null where
 * fewer were recorded. For what is said of these values themselves, and not of others like them.
 */
export function shareNs(histogram: Histogram, values: number): number | null {
  if (values <= 0 || values > histogram.count) return null;
  const { encoded, count, maxNs } = histogram;
  const value = decodeFromCompressedBase64(encoded).getValueAtPercentile((100 * values) / count);
  // It stands for all values that it can't tell from this one, and may be the largest of them.
  return maxNs === null ? value : Math.min(value, maxNs);
}

/** The share of the recorded values, 0 to 1, that are larger than this, to three significant digits; null where there are none. */
export function shareAbove({ encoded, count }: Histogram, ns: number): number | null {
  if (count === 0) return null;
  const decoded = decodeFromCompressedBase64(encoded);
  let [within, most] = [0, count];
  while (within < most) {
    const middle = Math.ceil((within + most) / 2);
    if (decoded.getValueAtPercentile((100 * middle) / count) <= ns) within = middle;
    else most = middle - 1;
  }
  return (count - within) / count;
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
