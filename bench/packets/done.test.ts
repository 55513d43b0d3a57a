import { expect, it } from "vitest";
import { doneBetween } from "./done.ts";
import type { DirectionDone } from "./done.ts";

const counts = {
  packetsIn: 100,
  bytesIn: 90_000,
  packetsOut: 90,
  bytesOut: 81_000,
  lost: 4,
  overflowed: 3,
  reordered: 2,
  longestQueueBytes: 5_000,
  delayMs: 2_300,
  longestDelayMs: 60,
  lateMs: 9,
  longestLateMs: 7,
  retransmitted: 6,
  fastRetransmitted: 3,
  timeouts: 1,
  lossProbes: 2,
  lostRetransmissions: 1,
  unread: 8,
};

it("what a network did between two readings is the difference, but for what is longest", () => {
  const after: DirectionDone = { ...counts, packetsIn: 130, lost: 5, unread: 8, longestLateMs: 11 };
  const from = { down: counts, up: counts, cpuMs: 20, atNs: 1e9 };
  const between = doneBetween(from, { down: after, up: counts, cpuMs: 25, atNs: 3e9 });
  const nothing = Object.fromEntries(Object.keys(counts).map((name) => [name, 0]));
  expect(between).toEqual({
    down: {
      ...nothing,
      packetsIn: 30,
      lost: 1,
      longestQueueBytes: 5_000,
      longestDelayMs: 60,
      longestLateMs: 11,
    },
    up: { ...nothing, longestQueueBytes: 5_000, longestDelayMs: 60, longestLateMs: 7 },
    cpuMs: 5,
    ms: 2_000,
  });
});
