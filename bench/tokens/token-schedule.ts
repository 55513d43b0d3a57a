import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import type { Answer } from "../../scenarios/scenario.ts";
import { normal } from "../statistics/random.ts";

/*
 * When tokens are due. A model's steps take nearly the same time each, with a tail; a step may yield several tokens at
 * once (speculative decoding), and now and then one takes several times as long (the prompt of another request is read
 * in between). All three are in it, in these proportions; the mean is exact, whatever is drawn.
 */

/** Steps: lognormal, of which half lie within a third around the median. */
const sigma = 0.5;

/** After so many of the steps, a burst of up to so many further tokens comes with the step's own. */
const burstShare = 0.08;
const longestBurst = 4;

/** So many of the steps take so many times as long. */
const pauseShare = 0.01;
const pauseFactor = 8;

/** When each token of an answer is due, in nanoseconds after the first. */
export function tokenOffsetsNs(
  { tokens, tokensPerSecond }: Pick<Answer, "tokens" | "tokensPerSecond">,
  seed: number,
): Float64Array {
  const offsets = new Float64Array(tokens);
  const generator = mersenne(seed);
  let at = 0;
  let burst = 0;
  for (let token = 1; token < tokens; token += 1) {
    if (burst > 0) burst -= 1;
    else {
      const isPause = uniformFloat64(generator) < pauseShare;
      at += Math.exp(sigma * normal(generator)) * (isPause ? pauseFactor : 1);
      const bursts = uniformFloat64(generator) < burstShare;
      burst = bursts ? uniformInt(generator, 1, longestBurst) : 0;
    }
    offsets[token] = at;
  }
  const scale = at === 0 ? 0 : ((tokens - 1) * 1e9) / tokensPerSecond / at;
  for (let token = 1; token < tokens; token += 1) {
    offsets[token] = Math.round((offsets[token] ?? 0) * scale);
  }
  return offsets;
}
