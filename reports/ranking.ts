import { isRanked } from "../bench/statistics/between.ts";
import type { Estimate } from "../bench/statistics/estimate.ts";
import type { Figure } from "../bench/results/schema.ts";

/** What one of several variants has. */
export interface Ranked {
  readonly estimate: Estimate;
  readonly atLeast: boolean;
}

/**
 * The one with the best median; null where none can be called the best: what is only known to be at least
 * so much may be more, and a single trial of a timing may be chance. It needs another to be better than.
 */
export function bestOf<T extends Ranked>(all: readonly T[], better: Figure["better"]): T | null {
  if (better === "neither" || all.some(({ atLeast }) => atLeast)) return null;
  const sign = better === "lower" ? 1 : -1;
  const [first, ...others] = all.toSorted((a, b) => sign * (a.estimate.median - b.estimate.median));
  const hasRival = others.some(({ estimate }) => isRanked(estimate));
  return first !== undefined && isRanked(first.estimate) && hasRival ? first : null;
}

/**
 * How many times a value another one is; null where that has no sense: where either may be nothing or less,
 * as far as the trials say.
 */
export function ratioOf(value: Estimate, base: Estimate): number | null {
  const least = [value, base].map(({ median, interval }) =>
    Math.min(median, interval?.low ?? median),
  );
  return Math.min(...least) > 0 ? value.median / base.median : null;
}
