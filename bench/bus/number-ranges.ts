/** The first and the last of some numbers that follow each other. */
export type NumberRange = readonly [number, number];

/** Numbers that come in their order, most of them without gaps. */
export class NumberRanges {
  #ranges: [number, number][] = [];

  add(number: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else this.#ranges.push([number, number]);
  }

  get all(): NumberRange[] {
    return this.#ranges.map(([from, to]) => [from, to]);
  }
}

export function isIn(ranges: readonly NumberRange[], number: number): boolean {
  return ranges.some(([from, to]) => number >= from && number <= to);
}

/** Those of a range that none of some others have; the others may be in any order. */
export function without(range: NumberRange, others: readonly NumberRange[]): number[] {
  const left: number[] = [];
  let [next, last] = range;
  for (const [from, to] of others.toSorted(([one], [other]) => one - other)) {
    for (; next <= last && next < from; next += 1) left.push(next);
    next = Math.max(next, to + 1);
  }
  for (; next <= last; next += 1) left.push(next);
  return left;
}
