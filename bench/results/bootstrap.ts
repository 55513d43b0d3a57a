import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const resamples = 2_000;

/**
 * The ends of the percentile bootstrap of the median: between them lie the medians of the resamples but
 * for the share `tail`, 0 to 0.5, on either side (Efron & Tibshirani, An Introduction to the Bootstrap,
 * 13.3). `sorted` begins with the smallest value; the same seed gives the same ends.
 */
export function bootstrapEnds(
  sorted: readonly number[],
  tail: number,
  seed: number,
): { readonly low: number; readonly high: number } {
  const medians = resampledMedians(Float64Array.from(sorted), seed);
  const beyond = Math.floor(tail * resamples);
  return { low: medians[beyond] ?? Number.NaN, high: medians.at(-1 - beyond) ?? Number.NaN };
}

/** Medians, smallest first, of samples drawn from the given one with replacement, as large as it is. */
function resampledMedians(sorted: Float64Array, seed: number): Float64Array {
  const generator = xoroshiro128plus(seed);
  const size = sorted.length;
  const times = new Uint32Array(size);
  const medians = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    times.fill(0);
    for (let draw = 0; draw < size; draw += 1) {
      const index = uniformInt(generator, 0, size - 1);
      times[index] = (times[index] ?? 0) + 1;
    }
    medians[resample] = medianDrawn(sorted, times);
  }
  return medians.sort();
}

/** The median of a resample that is kept as how often each value was drawn: nothing is to be sorted. */
function medianDrawn(sorted: Float64Array, times: Uint32Array): number {
  const lowerRank = Math.ceil(sorted.length / 2);
  const upperRank = Math.floor(sorted.length / 2) + 1;
  let lower = Number.NaN;
  let drawn = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const value = sorted[index] ?? Number.NaN;
    const before = drawn;
    drawn += times[index] ?? 0;
    if (before < lowerRank && drawn >= lowerRank) lower = value;
    if (drawn >= upperRank) return (lower + value) / 2;
  }
  return Number.NaN;
}
