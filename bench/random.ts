import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";

// Not xoroshiro, whose state is the seed itself: neighbouring seeds would give orders that go in turns, and
// comparisons rest on orders that don't tell of each other.

/** The items in an order that depends on nothing but the seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const generator = mersenne(seed);
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(uniformInt(generator, 0, rest.length - 1), 1));
  return order;
}

/** A seed of its own for each of several things that hang on one. */
export function derivedSeed(seed: number, index: number): number {
  const generator = mersenne(seed);
  let derived = seed;
  for (let step = 0; step <= index; step += 1) derived = uniformInt(generator, 0, maxSeed);
  return derived;
}

export const maxSeed = 2_147_483_647;
