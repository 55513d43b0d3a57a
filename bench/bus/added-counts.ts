import { mergeHistograms } from "../measure/histogram.ts";
import type { BusCounts } from "./bus-end.ts";

/** The counts of several servers, or of one that took another's place; undefined where none was on a bus. */
export function addedBusCounts(each: readonly (BusCounts | undefined)[]): { bus?: BusCounts } {
  const known = each.filter((counts) => counts !== undefined);
  if (known.length === 0) return {};
  const sum = (of: (counts: BusCounts) => number): number =>
    known.reduce((all, counts) => all + of(counts), 0);
  return {
    bus: {
      published: sum(({ published }) => published),
      refused: sum(({ refused }) => refused),
      taken: sum(({ taken }) => taken),
      repeated: sum(({ repeated }) => repeated),
      transit: mergeHistograms(known.map(({ transit }) => transit)),
      bytes: { down: sum(({ bytes }) => bytes.down), up: sum(({ bytes }) => bytes.up) },
    },
  };
}
