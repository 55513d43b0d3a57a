import { medianOf } from "../../bench/statistics/estimate.ts";
import type { Course, Slice } from "./course.ts";

/** Some deliveries of one subject that took far longer than its others. */
export interface Stall {
  readonly course: Course;
  /** The slice with its worst delivery. */
  readonly worst: Slice;
}

const leastMs = 50;
const times = 3;
/** With fewer there is nothing that could be called usual. */
const fewestSlices = 5;

/** What `stallsOf` calls one, for people. */
export const stallMeaning = `A stall: a delivery that took over ${leastMs} ms and over ${times} times the median of its line's points, less the poll interval where there is one.`;

/**
 * The stalls of a course, one for neighbouring slices; null where it is too short to tell. The polling of
 * a client that polls on a grid isn't one: a message may take as long as the poll interval.
 */
export function stallsOf(course: Course): Stall[] | null {
  const { slices, sliceMs, subject } = course;
  if (slices.length < fewestSlices) return null;
  const ownMs = subject.pollIntervalMs ?? 0;
  const beyond = slices.map(({ worstMs }) => Math.max(0, worstMs - ownMs));
  const bound = Math.max(leastMs, times * (medianOf(beyond) ?? 0));
  const stalls: Stall[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const slice of slices.filter(({ worstMs }) => worstMs - ownMs > bound)) {
    const before = stalls.at(-1);
    // A message that was due within a stall waits for its end, and so does the next.
    const same = before !== undefined && slice.atMs - lastMs < 1.5 * sliceMs;
    lastMs = slice.atMs;
    if (!same) stalls.push({ course, worst: slice });
    else if (slice.worstMs > before.worst.worstMs) stalls.splice(-1, 1, { course, worst: slice });
  }
  return stalls;
}
