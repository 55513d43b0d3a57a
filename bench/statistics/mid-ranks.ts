/**
 * Twice the rank of each value, in the values' own order: equal values share the mean of the ranks that
 * they take up, and twice such a mean is a whole number.
 */
export function doubledMidRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted(byValue);
  const ranks: number[] = Array.from({ length: values.length }, () => 0);
  let from = 0;
  while (from < order.length) {
    let to = from;
    while (order[to + 1]?.value === order[from]?.value && to + 1 < order.length) to += 1;
    for (const { index } of order.slice(from, to + 1)) ranks[index] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

function byValue(a: { value: number }, b: { value: number }): number {
  return a.value - b.value;
}
