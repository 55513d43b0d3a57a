import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A standard normal value (Box & Muller 1958, A Note on the Generation of Random Normal Deviates). */
export function normal(generator: RandomGenerator): number {
  // 1 - u, since u may be 0 and has no logarithm then.
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
}
