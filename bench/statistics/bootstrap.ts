import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const resamples = 2_000;

export interface Ends {
  readonly low: number;
  readonly high: number;
}

/**
 * The ends of the percentile bootstrap of the median: between them lie the medians of the resamples but
 * for the share `tail`, 0 to 0.5, on either side (Efron & Tibshirani, An Introduction to the Bootstrap,
 * 13.3). `sorted` begins with the smallest value; the same seed gives the same ends.
 */
export function bootstrapEnds(sorted: readonly number[], tail: number, seed: number): Ends {
  const key = [seed, tail, ...sorted].join();
  const ends = remembered.get(key) ?? freshEnds(sorted, tail, seed);
  if (remembered.size >= rememberedAtMost) remembered.clear();
  remembered.set(key, ends);
  return ends;
}

/** Several reports are made of the same results, one after another: their figures are resampled once. */
const remembered = new Map<string, Ends>();
const rememberedAtMost = 10_000;

function freshEnds(sorted: readonly number[], tail: number, seed: number): Ends {
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
    // Kept as how often each value was drawn, which costs less than to sort what was drawn.
    for (let index = 0; index < size; index += 1) times[index] = 0;
    for (let draw = 0; draw < size; draw += 1) {
      const index = uniformInt(generator, 0, size - 1);
      times[index] = (times[index] ?? 0) + 1;
    }
    medians[resample] = medianDrawn(sorted, times);
  }
  return medians.toSorted();
}

function medianDrawn(sorted: Float64Array, times: Uint32Array): number {
  let index = 0;
  let seen = times[0] ?? 0;
  while (seen < sorted.length / 2) seen += times[(index += 1)] ?? 0;
  const lower = sorted[index] ?? Number.NaN;
  while (seen <= Math.floor(sorted.length / 2)) seen += times[(index += 1)] ?? 0;
  return (lower + (sorted[index] ?? Number.NaN)) / 2;
}
