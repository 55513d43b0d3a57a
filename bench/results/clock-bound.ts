import type { Figure } from "./schema.ts";
import { medianOf } from "../statistics/basics.ts";

/*
 * A time from one host to another is told by two clocks, and may be off by as much as these are apart. That is told
 * with it, and where it is too much, the time is no figure: it isn't ranked, drawn or compared.
 */

/** The largest share of a time, 0 to 1, by which the clocks that tell it may be apart. */
export const maxClockShare = 0.1;

/** Whether clocks may be too far apart for a time: both in the same unit. */
export function isBeyondClocks(time: number, bound: number): boolean {
  return bound > maxClockShare * Math.abs(time);
}

/** Said of such a time. */
export const beyondClocks: string = `the clocks of its machines may be apart by more than ${100 * maxClockShare} % of it`;

/** A time, and by how much it may be off; both in the same unit. */
export interface BoundedTime {
  readonly value: number;
  /** Null where one clock tells it. */
  readonly clockBound: number | null;
}

/** How far the clocks of a figure may be apart, in its unit; null where one clock tells it. */
export function clockBoundOf({
  unit,
  clockBoundNs,
}: Pick<Figure, "unit" | "clockBoundNs">): number | null {
  if (clockBoundNs === undefined) return null;
  return unit === "ms" ? clockBoundNs / 1e6 : clockBoundNs;
}

/**
 * By how much the median of some times may be off, each of which may be by its own bound: all by theirs, one way or the
 * other. Null where one clock tells all of them.
 */
export function medianClockBound(times: readonly BoundedTime[]): number | null {
  if (times.every(({ clockBound }) => clockBound === null)) return null;
  const shifted = (sign: number): number =>
    medianOf(times.map(({ value, clockBound }) => value + sign * (clockBound ?? 0))) ?? 0;
  const median = shifted(0);
  return Math.max(median - shifted(-1), shifted(1) - median);
}
