import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { DurationHistogram, mergeHistograms } from "../../bench/measure/histogram.ts";
import { TimelineRecorder, mergeTimelines } from "../../bench/measure/timeline.ts";
import type { Collected } from "../../bench/processes/protocol.ts";
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  initWebAssemblySync,
} from "../../bench/results/hdr-histogram.ts";
import { latestOf } from "../../bench/run/phase.ts";
import { byTurns } from "./contest.ts";
import type { Contest } from "./contest.ts";

/** As many load processes as there can be, in a phase of ten seconds with 100 messages a second. */
const processes = 64;
const messages = 1_000;
const clients = 20;

const turns = 4;

/** The parts of a load process's books that aren't plain counts. */
type Book = Pick<Collected, "delivery" | "transit" | "timeline" | "lastClientNs">;

/**
 * Milliseconds to make one phase's figures of the books of 64 load processes, which the director does after each phase:
 * as the harness does it, and by adding counts with the library alone.
 */
export function mergingContest(): Contest {
  return {
    variant: "tcp",
    row: {
      name: "merging the books of 64 load processes",
      unit: "µs",
      lessIsBetter: true,
      aim: { atMost: 1.3 },
    },
    async play(order) {
      initWebAssemblySync();
      const books = Array.from({ length: processes }, (_, seed) => bookOf(seed));
      const merging = { first: merged, second: addedUp };
      for (const opponent of order) merging[opponent](books);
      return await byTurns(order, turns, async (opponent) => {
        const startMs = performance.now();
        merging[opponent](books);
        return (performance.now() - startMs) * 1_000;
      });
    },
  };
}

/** As `phaseOf` does it. */
function merged(books: readonly Book[]): unknown[] {
  return [
    mergeHistograms(books.map(({ delivery }) => delivery)),
    mergeHistograms(books.map(({ transit }) => transit)),
    mergeTimelines(books.map(({ timeline }) => timeline)),
    latestOf(books),
  ];
}

function addedUp(books: readonly Book[]): unknown[] {
  const latest = new Float64Array(messages);
  const counts = new Float64Array(128);
  for (const { lastClientNs, timeline } of books) {
    for (const [index, ns] of lastClientNs.entries()) {
      latest[index] = Math.max(latest[index] ?? 0, ns ?? 0);
    }
    for (const [index, { count }] of timeline.slices.entries()) {
      counts[index] = (counts[index] ?? 0) + count;
    }
  }
  return [added(books, "delivery"), added(books, "transit"), counts, latest];
}

function added(books: readonly Book[], key: "delivery" | "transit"): string {
  const all = build({
    highestTrackableValue: 3_600_000_000_000,
    numberOfSignificantValueDigits: 3,
  });
  for (const book of books) all.add(decodeFromCompressedBase64(book[key].encoded));
  return encodeIntoCompressedBase64(all);
}

function bookOf(seed: number): Book {
  const generator = mersenne(seed);
  using delivery = new DurationHistogram(true);
  using transit = new DurationHistogram(true);
  const timeline = new TimelineRecorder();
  const lastClientNs = Array.from({ length: messages }, (_, index) => {
    let last = 0;
    for (let client = 0; client < clients; client += 1) {
      // From 50 µs to half a second, as latencies are spread.
      const ns = 50_000 * 10 ** (4 * uniformFloat64(generator) ** 3);
      delivery.record(ns);
      transit.record(0.9 * ns);
      timeline.record(index * 1e7, ns);
      last = Math.max(last, ns);
    }
    return last;
  });
  return {
    delivery: delivery.encode(),
    transit: transit.encode(),
    timeline: timeline.recorded(),
    lastClientNs,
  };
}
