import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";

// Not xoroshiro, whose state is the seed itself: neighbouring seeds would give correlated orders, and comparisons
// rely on independent ones.

/** The items in an order that depends on nothing but the seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const generator = mersenne(seed);
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(uniformInt(generator, 0, rest.length - 1), 1));
  return order;
}

/** The seeds derived from one seed so far: a plan asks a hundred times, for up to the six-thousandth. */
let last = sequenceOf(0);

function sequenceOf(seed: number): { seed: number; generator: RandomGenerator; derived: number[] } {
  return { seed, generator: mersenne(seed), derived: [] };
}

/** Derives a seed of its own for each of several things that share one. */
export function derivedSeed(seed: number, index: number): number {
  if (seed !== last.seed) last = sequenceOf(seed);
  const { generator, derived } = last;
  while (derived.length <= index) derived.push(uniformInt(generator, 0, maxSeed));
  return derived[index] ?? seed;
}

export const maxSeed = 2_147_483_647;

/** A standard normal value (Box & Muller 1958, A Note on the Generation of Random Normal Deviates). */
export function normal(generator: RandomGenerator): number {
  // 1 - u, since u may be 0 and has no logarithm then.
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
}
