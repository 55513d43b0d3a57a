import { medianOf } from "../results/statistics.ts";

/** What two sides came to in turns taken one after the other, pair by pair. */
export interface Compared {
  readonly name: string;
  readonly unit: string;
  readonly harness: number;
  readonly bare: number;
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly aim: Aim | null;
  /** The smallest share, 0 to 1, of the deliveries due in a turn that arrived in it. */
  readonly arrived?: number;
}

export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Turn = () => Promise<number>;

/**
 * Lets both sides take `pairs` turns in the order A B B A A B …, so that a drift of the machine falls on
 * both, and compares the two figures of each pair.
 */
export async function interleave(
  pairs: number,
  harness: Turn,
  bare: Turn,
): Promise<(readonly [harness: number, bare: number])[]> {
  const figures: (readonly [number, number])[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) {
      const first = await harness();
      figures.push([first, await bare()]);
    } else {
      const first = await bare();
      figures.push([await harness(), first]);
    }
  }
  return figures;
}

/** The medians of both sides, and that of their ratios. */
export function compared(
  about: Pick<Compared, "name" | "unit" | "aim">,
  figures: readonly (readonly [harness: number, bare: number])[],
): Compared {
  const ratios = figures.map(([harness, bare]) => harness / bare);
  return {
    ...about,
    harness: median(figures.map(([harness]) => harness)),
    bare: median(figures.map(([, bare]) => bare)),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
  };
}

export function median(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}
