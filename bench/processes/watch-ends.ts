import { nowNs } from "../measure/clock.ts";

/** Which of some connections have ended within a time. */
export interface Ends {
  /** How many there were. */
  readonly of: number;
  /** When each of those ended, in nanoseconds on the clock that all processes share, in their order. */
  readonly endedNs: readonly number[];
}

/** Waits for the end of each of them, `forMs` at most; `follow` has `ended` called at that of one. */
export async function watchEnds<T>(
  all: readonly T[],
  forMs: number,
  follow: (one: T, ended: () => void) => void,
): Promise<Ends> {
  const seen = new Map<T, number>();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, forMs);
    for (const one of all) {
      follow(one, () => {
        if (!seen.has(one)) seen.set(one, nowNs());
        if (seen.size < all.length) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
  return { of: all.length, endedNs: [...seen.values()] };
}
