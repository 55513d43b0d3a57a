import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { allowedBeyond, pairwiseShifts, walshAverages } from "./hodges-lehmann.ts";
import { rankSumCumulative } from "./mann-whitney.ts";
import { normal } from "./random.ts";
import { signedRankCumulative } from "./signed-rank.ts";
import { middleOf } from "./basics.ts";

/** The conditions that a change has to meet to be detected. */
export interface Demands {
  /** The level of the one-sided test, 0 to 1. */
  readonly level: number;
  /** The size that the estimated shift has to exceed as well. */
  readonly beyond: number;
}

/** The share of cases in which the smallest detectable shift is found. */
const power = 0.8;

/**
 * The smallest shift of paired differences that is found with a power of 80 %, in the unit of `scatter`, which
 * is their standard deviation. It has to be found in each of the `looks`, which are numbers of fresh pairs:
 * rejected by the exact signed-rank test, with a Hodges-Lehmann estimate beyond what is tolerated.
 *
 * No formula for the power of that test holds for ten pairs: the usual ones (Noether 1987, Sample Size
 * Determination for Some Common Nonparametric Tests) are those of many, and promise at 7 pairs what takes
 * one and a half times the shift. But a shift of s is rejected just where the lower end of the test's interval
 * lies above -s, so each sample tells the smallest shift that would be found in it: this is the 80th
 * percentile over seeded normal samples.
 *
 * Infinity where so few pairs never suffice.
 */
export function detectableShift(
  scatter: number,
  looks: readonly number[],
  demands: Demands,
): number {
  return smallest(
    scatter,
    looks.map((pairs) => pairedNeeds(pairs, demands.level)),
    demands.beyond,
  );
}

/** The same between two samples of these sizes, by the exact test of Mann and Whitney. */
export function detectableSampleShift(
  scatter: number,
  sizes: { readonly baseline: number; readonly candidate: number },
  demands: Demands,
): number {
  return smallest(scatter, [sampleNeeds(sizes, demands.level)], demands.beyond);
}

/** By how much a standard normal sample has to be shifted. */
interface Need {
  readonly toBeRejected: number;
  readonly toBeAboveZero: number;
}

function smallest(scatter: number, looks: readonly (readonly Need[])[], beyond: number): number {
  const draws = Math.min(...looks.map((needs) => needs.length));
  const shifts = new Float64Array(draws);
  for (const [look, needs] of looks.entries()) {
    for (let index = 0; index < draws; index += 1) {
      // Moved on, so that looks of one size don't share their samples.
      const need = needs[(index + look * apart) % needs.length];
      const shift = shiftFor(need, scatter, beyond);
      shifts[index] = look === 0 ? shift : Math.max(shifts[index] ?? shift, shift);
    }
  }
  return shifts.toSorted()[Math.ceil(power * draws) - 1] ?? Number.POSITIVE_INFINITY;
}

function shiftFor(need: Need | undefined, scatter: number, beyond: number): number {
  if (need === undefined) return Number.POSITIVE_INFINITY;
  // Without scatter there would be 0 · Infinity.
  if (need.toBeRejected === Number.POSITIVE_INFINITY) return need.toBeRejected;
  return Math.max(scatter * need.toBeRejected, beyond + scatter * need.toBeAboveZero);
}

function pairedNeeds(pairs: number, level: number): readonly Need[] {
  return needs(`${pairs}`, pairs, level, signedRankCumulative, (draw) =>
    walshAverages(Array.from({ length: pairs }, draw)),
  );
}

function sampleNeeds(
  { baseline, candidate }: { readonly baseline: number; readonly candidate: number },
  level: number,
): readonly Need[] {
  return needs(
    `${baseline} ${candidate}`,
    baseline + candidate,
    level,
    () => rankSumCumulative(baseline, candidate),
    (draw) =>
      pairwiseShifts(
        Array.from({ length: baseline }, draw),
        Array.from({ length: candidate }, draw),
      ),
  );
}

const apart = 97;
const remembered = new Map<string, readonly Need[]>();

/** Needs depend only on sizes and level, so they are drawn once. */
function needs(
  name: string,
  size: number,
  level: number,
  distribution: (size: number) => readonly number[],
  shiftsOf: (draw: () => number) => Float64Array,
): readonly Need[] {
  const key = `${name} at ${level}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const allowed = allowedBeyond(distribution(size), level);
  const generator = xoroshiro128plus(size);
  const drawn = Array.from({ length: drawsFor(size) }, (): Need => {
    const shifts = shiftsOf(() => normal(generator));
    return {
      toBeRejected: -(shifts[allowed] ?? Number.NEGATIVE_INFINITY),
      toBeAboveZero: -(middleOf(shifts) ?? Number.NaN),
    };
  });
  remembered.set(key, drawn);
  return drawn;
}

/** Sorting their averages takes the square of the size, and a few hundred give a percentile well enough. */
function drawsFor(size: number): number {
  return Math.max(200, Math.min(1_000, Math.round(40_000 / Math.max(1, size))));
}
