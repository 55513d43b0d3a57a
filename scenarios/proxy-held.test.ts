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

it("takes what is read at once for one burst, however long that takes", () => {
  const [first, second] = came(20, 20);
  if (first === undefined || second === undefined) throw new Error("nothing came");
  const slow = [first, { ...second, atNs: second.atNs + 5e6 }];
  expect(burstsOf({ bytesDown: 1_000 }, slow)).toMatchObject([{ events: 2, bytes: 480 }]);
});

it("takes a burst of the middle for what is held, to within one event", () => {
  const bursts = burstsOf({ bytesDown: 1_000 }, came(20, 20, 20, 60, 60, 60, 60));
  expect(rangeOf(bursts)).toEqual({ by: "bytes", least: 480, most: 720 });
});

it("tells no bytes where bursts have little in common", () => {
  const bursts = burstsOf({ bytesDown: 1_000 }, came(20, 60, 60, 60, 60, 90, 90, 90, 90));
  expect(rangeOf(bursts)).toBeNull();
  expect(rangeOf([])).toBeNull();
});
