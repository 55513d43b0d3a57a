/** How often something happened. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

export function shareOf<T>(items: readonly T[], isHit: (item: T) => boolean): Share {
  return { hits: items.filter(isHit).length, of: items.length };
}

/** What the true share is between, with 95 % confidence (Wilson 1927, Probable Inference). */
export function intervalOf({ hits, of }: Share): { low: number; high: number } {
  const z = 1.959_964;
  const centre = (hits + z ** 2 / 2) / (of + z ** 2);
  const reach = (z / (of + z ** 2)) * Math.sqrt((hits * (of - hits)) / of + z ** 2 / 4);
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}

/** `0.05 %`, with as many digits as so many checks can tell. */
export function shareText({ hits, of }: Share): string {
  return `${percents(hits / of)} %`;
}

/** `0.05 % (0.01 to 0.28)` */
export function shareWithInterval(share: Share): string {
  const { low, high } = intervalOf(share);
  return `${shareText(share)} (${percents(low)} to ${percents(high)})`;
}

function percents(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent === 100) return percent.toFixed(0);
  // Never rounded to none or all of what isn't.
  if (percent < 1 || percent > 99.9) return percent.toFixed(2);
  return percent < 10 || percent > 99 ? percent.toFixed(1) : percent.toFixed(0);
}
