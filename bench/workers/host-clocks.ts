import type { ClockCorrection } from "../measure/clock.ts";
import type { Offset } from "./clock-exchange.ts";

/** What has been learnt of a machine's clock against the one that counts. */
export interface KnownClock {
  readonly correction: ClockCorrection;
  /** How far the corrected clock may be off, in nanoseconds. */
  readonly boundNs: number;
  /** How fast it runs away from the other, in parts per million: below zero where it is slower. */
  readonly driftPpm: number;
}

/**
 * The correction that makes a machine's clock the one that counts: by the latest offset and, where several tell it,
 * by how offsets grow. Offsets are in the order of their times; at least one.
 */
export function knownClock(offsets: readonly [Offset, ...Offset[]]): KnownClock {
  const [first] = offsets;
  const last = offsets.at(-1) ?? first;
  const apartNs = last.atNs - first.atNs;
  const grownNs = last.offsetNs - first.offsetNs;
  // What offsets differ by within their bounds is no drift.
  const isKnown = apartNs > 0 && Math.abs(grownNs) > first.boundNs + last.boundNs;
  const drift = isKnown ? grownNs / apartNs : 0;
  return {
    correction: { aheadNs: last.offsetNs, drift, sinceNs: last.atNs },
    boundNs: last.boundNs,
    driftPpm: drift * 1e6,
  };
}

/**
 * How far a clock that was corrected so was off when another offset was found: at most this much, in nanoseconds.
 */
export function missedNs(known: KnownClock, found: Offset): number {
  const { aheadNs, drift, sinceNs } = known.correction;
  const expectedNs = aheadNs + (found.atNs - sinceNs) * drift;
  return Math.abs(found.offsetNs - expectedNs) + found.boundNs;
}
