/** What two causes brought about together. */
export interface Observation {
  /** How often each cause was there. */
  readonly first: number;
  readonly second: number;
  readonly effect: number;
  /** How much it counts; an error is weighed by its square times this. */
  readonly weight: number;
}

/** Causes that stood in nearly the same proportion everywhere can't be told apart. */
const minSpread = 1.5;

/**
 * Weighted least squares of `effect = a·first + b·second`, neither below zero: bytes don't cost less than
 * none. Where the causes can't be told apart, all is the first one's, if it was ever there.
 */
export function leastSquares(observations: readonly Observation[]): [number, number] {
  const sums = { ff: 0, fs: 0, ss: 0, fe: 0, se: 0 };
  for (const { first, second, effect, weight } of observations) {
    sums.ff += weight * first * first;
    sums.fs += weight * first * second;
    sums.ss += weight * second * second;
    sums.fe += weight * first * effect;
    sums.se += weight * second * effect;
  }
  const { ff, fs, ss, fe, se } = sums;
  const onlyFirst: [number, number] = [ff === 0 ? 0 : Math.max(0, fe / ff), 0];
  const onlySecond: [number, number] = [0, ss === 0 ? 0 : Math.max(0, se / ss)];
  if (ff === 0) return onlySecond;
  const ratios = observations.flatMap(({ first, second }) => (first > 0 ? [second / first] : []));
  if (Math.max(...ratios) < minSpread * Math.min(...ratios)) return onlyFirst;
  const determinant = ff * ss - fs * fs;
  const a = (fe * ss - se * fs) / determinant;
  const b = (se * ff - fe * fs) / determinant;
  if (b < 0) return onlyFirst;
  return a < 0 ? onlySecond : [a, b];
}
