/** How often something happened. */
export interface Share {
  readonly hits: number;
  readonly total: number;
}

export function shareOf<T>(items: readonly T[], isHit: (item: T) => boolean): Share {
  return { hits: items.filter(isHit).length, total: items.length };
}

/** The 95 % confidence interval of a share, from 0 to 1 (Wilson 1927, Probable Inference). */
export function wilsonInterval({ hits, total }: Share): { low: number; high: number } {
  const z = 1.959_964;
  const centre = (hits + z ** 2 / 2) / (total + z ** 2);
  const reach = (z / (total + z ** 2)) * Math.sqrt((hits * (total - hits)) / total + z ** 2 / 4);
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}

/** `0.05 %`, with as many digits as that number of checks supports. */
export function shareText({ hits, total }: Share): string {
  return `${percents(hits / total)} %`;
}

/** `0.05 % (0.01 to 0.28)` */
export function shareWithInterval(share: Share): string {
  const { low, high } = wilsonInterval(share);
  return `${shareText(share)} (${percents(low)} to ${percents(high)})`;
}

function percents(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent === 100) return percent.toFixed(0);
  // Never rounded to none or all of what isn't.
  if (percent < 1 || percent > 99.9) return percent.toFixed(2);
  return percent < 10 || percent > 99 ? percent.toFixed(1) : percent.toFixed(0);
}
