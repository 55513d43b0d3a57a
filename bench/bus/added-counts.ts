import { mergeHistograms } from "../measure/histogram.ts";
import { joinedBooks } from "./bus-books.ts";
import type { BusCounts } from "./bus-meter.ts";

/** The counts of a server, and of the one that took its place; nothing where they weren't on a bus. */
export function successiveBusCounts(each: readonly (BusCounts | undefined)[]): { bus?: BusCounts } {
  const { bus } = addedBusCounts(each);
  return bus === undefined ? {} : { bus: { ...bus, books: [joinedBooks(bus.books)] } };
}

/** The counts of several servers; nothing where none was on a bus. */
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
      books: known.flatMap(({ books }) => books),
    },
  };
}
