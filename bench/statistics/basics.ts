export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  return middleOf(Float64Array.from(values).toSorted());
}

/** The median of ascending values; null of nothing. */
export function middleOf(sorted: ArrayLike<number>): number | null {
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  const upper = sorted[Math.floor(sorted.length / 2)];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
