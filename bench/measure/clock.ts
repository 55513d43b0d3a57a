/** How this machine's clock becomes the one that all processes of a run share; nothing on one machine. */
export interface ClockCorrection {
  /** How far it was ahead at `sinceNs`, which is by itself. */
  readonly aheadNs: number;
  /** By how much it gets further ahead, each nanosecond. */
  readonly drift: number;
  readonly sinceNs: number;
}

export const uncorrected: ClockCorrection = { aheadNs: 0, drift: 0, sinceNs: 0 };

let correction = uncorrected;

/** Has `nowNs` tell a clock of another machine's from here on. */
export function correctClock(by: ClockCorrection): void {
  correction = by;
}

/**
 * CLOCK_MONOTONIC in nanoseconds: one clock for all processes of one kernel, and with `correctClock` for those of
 * several. As a number it is exact to the nanosecond for 104 days of uptime, and to two for twice that.
 */
export function nowNs(): number {
  const own = ownNs();
  const { aheadNs, drift, sinceNs } = correction;
  return own - aheadNs - (own - sinceNs) * drift;
}

/** This machine's own clock, whatever corrects it. */
export function ownNs(): number {
  return Number(process.hrtime.bigint());
}
