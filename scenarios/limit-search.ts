/** So many times the amount is doubled at most, or halved where already the first is too much. */
const mostDoublings = 12;
const mostHalvings = 6;

/** The distance of two comes to less than a tenth in three steps of halving it; rounding may take one more. */
const mostBisections = 4;

/** How an amount is looked for that is just served. */
export interface LimitSearching {
  readonly first: number;
  /** The search ends where the highest that was served and the lowest that wasn't are this near, as a share. */
  readonly precision: number;
  /** Nothing above this is tried. */
  readonly most?: number;
  /** Whether so little tells nothing. */
  readonly isTooFew: (amount: number) => boolean;
  /** Amounts that are tried look like this. */
  readonly rounded: (amount: number) => number;
  /** Whether it is served. */
  readonly isServed: (amount: number) => Promise<boolean>;
}

/** Doubles until an amount isn't served, or halves until one is; then halves the distance, by ratio. */
export async function searchLimit(searching: LimitSearching): Promise<void> {
  const { precision, most = Number.POSITIVE_INFINITY, isTooFew, rounded, isServed } = searching;
  const first = rounded(Math.min(searching.first, most));
  let served: number | null = null;
  let failed: number | null = null;
  const tryOne = async (amount: number): Promise<boolean> => {
    const isEnough = await isServed(amount);
    if (isEnough) served = Math.max(served ?? amount, amount);
    else failed = Math.min(failed ?? amount, amount);
    return isEnough;
  };
  if (await tryOne(first)) {
    let amount = first;
    for (let step = 0; step < mostDoublings && amount < most; step += 1) {
      amount = rounded(Math.min(most, first * 2 ** (step + 1)));
      if (!(await tryOne(amount))) break;
    }
  } else {
    for (let step = 1; step <= mostHalvings; step += 1) {
      const amount = rounded(first / 2 ** step);
      if (isTooFew(amount) || (await tryOne(amount))) break;
    }
  }
  for (let step = 0; step < mostBisections; step += 1) {
    if (served === null || failed === null || failed <= (1 + precision) * served) return;
    await tryOne(rounded(Math.sqrt(served * failed)));
  }
}
