import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { expect, it } from "vitest";
import { offsetOf } from "./clock-exchange.ts";
import type { Offset } from "./clock-exchange.ts";
import { knownClock, missedNs } from "./host-clocks.ts";

/** What a machine finds whose clock is ahead by `aheadNs` when its clock says `atNs`, give or take `boundNs`. */
function found(atNs: number, aheadNs: number, boundNs = 50): Offset {
  return { atNs, offsetNs: aheadNs, boundNs };
}

it("takes the offset of the shortest round, and half of what it took as its bound", () => {
  const ahead = 1_000_000;
  const round = (askedNs: number, there: number, work: number, back: number) => ({
    askedNs,
    receivedNs: askedNs - ahead + there,
    repliedNs: askedNs - ahead + there + work,
    answeredNs: askedNs + there + work + back,
  });
  const offset = offsetOf([
    round(5e6, 900, 10, 100),
    round(6e6, 120, 5_000, 80),
    round(7e6, 300, 0, 300),
  ]);
  expect(offset.boundNs).toBe(100);
  expect(Math.abs(offset.offsetNs - ahead)).toBeLessThanOrEqual(offset.boundNs);
});

it("holds the true offset within its bound, however unequal both ways are", () => {
  for (const [there, back] of [
    [1, 999],
    [999, 1],
    [500, 500],
  ] as const) {
    const ahead = -7_000;
    const { offsetNs, boundNs } = offsetOf([
      { askedNs: 0, receivedNs: there - ahead, repliedNs: there - ahead, answeredNs: there + back },
    ]);
    expect(Math.abs(offsetNs - ahead)).toBeLessThanOrEqual(boundNs);
  }
});

it("corrects a drift that offsets show beyond their bounds, and none that they don't", () => {
  const drifting = knownClock([found(0, 1_000), found(1e9, 21_000)]);
  expect(drifting.driftPpm).toBeCloseTo(20, 5);
  expect(missedNs(drifting, found(2e9, 41_000))).toBeCloseTo(50, 3);
  const steady = knownClock([found(0, 1_000), found(1e9, 1_060)]);
  expect(steady.driftPpm).toBe(0);
  expect(missedNs(steady, found(2e9, 1_000))).toBe(110);
});

it.each([40, -25, 300])(
  "holds a clock that runs away by %d ppm, and says how far it may be off",
  (ppm) => {
    const generator = mersenne(1);
    const upTo = (ns: number): number => Math.floor(ns * uniformFloat64(generator));
    const everyNs = 10e9;
    const ownAt = (trueNs: number): number => trueNs * (1 + ppm / 1e6) + 86_400e9;
    const exchangeAt = (trueNs: number): Offset =>
      offsetOf(
        Array.from({ length: 8 }, (_, round) => {
          const [askedAt, there, work, back] = [round * 1e6, upTo(2e5), upTo(5e4), upTo(2e5)];
          const receivedNs = trueNs + askedAt + there;
          const repliedNs = receivedNs + work;
          const answeredNs = ownAt(repliedNs + back);
          return { askedNs: ownAt(trueNs + askedAt), receivedNs, repliedNs, answeredNs };
        }),
      );
    let offsets: readonly [Offset, ...Offset[]] = [exchangeAt(0)];
    for (let time = 1; time <= 100; time += 1) {
      const known = knownClock(offsets);
      const trueNs = time * everyNs;
      const found = exchangeAt(trueNs);
      const { aheadNs, drift, sinceNs } = known.correction;
      const ownNs = found.atNs;
      // When that was, by the clock that counts.
      const thenNs = (ownNs - 86_400e9) / (1 + ppm / 1e6);
      const wrongNs = Math.abs(ownNs - aheadNs - (ownNs - sinceNs) * drift - thenNs);
      expect(wrongNs).toBeLessThanOrEqual(missedNs(known, found));
      const uncorrectedNs = (Math.abs(ppm) / 1e6) * everyNs;
      if (time > 16) expect(wrongNs).toBeLessThan(uncorrectedNs / 2);
      const [first = found, ...later] = [...offsets, found].slice(-16);
      offsets = [first, ...later];
    }
  },
);
