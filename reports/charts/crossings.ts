/** A value over positions, such as bytes over a rate. */
export interface Curve<T> {
  readonly owner: T;
  readonly at: (position: number) => number;
}

export interface Crossing<T> {
  readonly at: number;
  readonly value: number;
  /** Who is lower from there on. */
  readonly lower: T;
  readonly higher: T;
}

const samples = 200;
const halvings = 40;

/** Where curves cross from `low` to `high`, both above zero; lowest position first. */
export function crossingsOf<T>(
  curves: readonly Curve<T>[],
  low: number,
  high: number,
): Crossing<T>[] {
  const pairs = curves.flatMap((one, index) =>
    curves.slice(index + 1).map((other) => [one, other] as const),
  );
  return pairs
    .flatMap(([one, other]) => crossingsOfPair(one, other, low, high))
    .toSorted((a, b) => a.at - b.at);
}

function crossingsOfPair<T>(
  one: Curve<T>,
  other: Curve<T>,
  low: number,
  high: number,
): Crossing<T>[] {
  const above = (position: number): number => one.at(position) - other.at(position);
  const found: Crossing<T>[] = [];
  // The last position at which one of them was above: where they only touch, nothing crosses.
  let before = { position: low, sign: Math.sign(above(low)) };
  for (const position of spaced(low, high, samples)) {
    const sign = Math.sign(above(position));
    // Nor does anything where one of them isn't known.
    if (sign !== 1 && sign !== -1) continue;
    if (before.sign === -sign) {
      const at = zeroOf(above, before.position, position);
      const [lower, higher] = sign < 0 ? [one, other] : [other, one];
      found.push({ at, value: lower.at(at), lower: lower.owner, higher: higher.owner });
    }
    before = { position, sign };
  }
  return found;
}

function zeroOf(above: (position: number) => number, from: number, to: number): number {
  const sign = Math.sign(above(from));
  let [low, high] = [from, to];
  for (let count = 0; count < halvings; count += 1) {
    const middle = Math.sqrt(low * high);
    if (Math.sign(above(middle)) === sign) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** So many positions from `low` to `high`, both with them, evenly on a scale of decades. */
export function spaced(low: number, high: number, count: number): number[] {
  const step = Math.log(high / low) / (count - 1);
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? low : index === count - 1 ? high : low * Math.exp(index * step),
  );
}
