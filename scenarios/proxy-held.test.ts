import { expect, it } from "vitest";
import { burstsOf, rangeOf } from "./proxy-held.ts";
import type { Arrival } from "./scenario.ts";

/** Events of 240 B, sent 10 ms apart from 0 on, that come at these times in milliseconds. */
function came(...atMs: readonly number[]): Arrival[] {
  return atMs.map((at, index) => ({
    sequence: index + 1,
    sentNs: index * 1e7,
    atNs: at * 1e6,
    // Those that are read at once have all the bytes.
    bytesDown: 1_000 + 240 * (atMs.lastIndexOf(at) + 1),
  }));
}

it("tells bytes of events that came together, and how long the first had waited", () => {
  expect(burstsOf({ bytesDown: 1_000 }, came(20, 20, 20, 50, 50, 50.5))).toEqual([
    { events: 3, bytes: 720, tookMs: 20 },
    { events: 3, bytes: 720, tookMs: 20 },
  ]);
  expect(burstsOf({ bytesDown: 1_000 }, [])).toEqual([]);
});

it("takes the smallest burst for what is held, to within one event", () => {
  const bursts = burstsOf({ bytesDown: 1_000 }, came(20, 20, 20, 60, 60, 60, 60));
  expect(rangeOf(bursts)).toEqual({ by: "bytes", least: 480, most: 720 });
});
