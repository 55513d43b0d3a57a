// How clients spread over load processes, and which numbers they have.

/** Consecutive numbers of clients. */
export interface NumberRange {
  readonly first: number;
  readonly count: number;
}

/**
 * How many each process has when there are `total` in all, as evenly as may be: those that have more than others keep
 * them when clients come, and lose theirs first when some go. None is given more than its `most`, so that there may be
 * fewer in all.
 */
export function spreadEvenly(
  present: readonly number[],
  total: number,
  most: readonly number[] = [],
): number[] {
  const now = present.reduce((sum, count) => sum + count, 0);
  const grows = total > now;
  const bounded = (level: number): number[] =>
    present.map((count, index) =>
      grows
        ? Math.max(count, Math.min(level, most[index] ?? Number.POSITIVE_INFINITY))
        : Math.min(count, level),
    );
  const sumAt = (level: number): number => bounded(level).reduce((sum, count) => sum + count, 0);
  let low = 0;
  let high = Math.max(total, ...present) + 1;
  // The highest level that isn't too much; the next would be, or all are at their most.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sumAt(middle) <= total) low = middle;
    else high = middle;
  }
  const level = bounded(low);
  const next = bounded(low + 1);
  let left = total - sumAt(low);
  return level.map((count, index) => {
    if (left === 0 || next[index] === count) return count;
    left -= 1;
    return count + 1;
  });
}

/** The lowest numbers that nobody has, `wanted` of them. */
export function freeNumbers(taken: ReadonlySet<number>, wanted: number): NumberRange[] {
  const ranges: NumberRange[] = [];
  let left = wanted;
  for (let first = 0; left > 0;) {
    while (taken.has(first)) first += 1;
    let count = 0;
    while (count < left && !taken.has(first + count)) count += 1;
    ranges.push({ first, count });
    left -= count;
    first += count;
  }
  return ranges;
}

/** Cuts ranges into consecutive lots of these sizes. */
export function cutRanges(
  ranges: readonly NumberRange[],
  sizes: readonly number[],
): NumberRange[][] {
  const rest = [...ranges];
  return sizes.map((size) => {
    const lot: NumberRange[] = [];
    for (let left = size; left > 0;) {
      const range = rest.shift();
      if (range === undefined) break;
      const count = Math.min(left, range.count);
      lot.push({ first: range.first, count });
      if (count < range.count) {
        rest.unshift({ first: range.first + count, count: range.count - count });
      }
      left -= count;
    }
    return lot;
  });
}
