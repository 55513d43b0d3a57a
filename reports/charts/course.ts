import { phasesOf } from "../cost/stated.ts";
import { isBeyondClocks } from "../../bench/results/clock-bound.ts";
import type { Timeline } from "../../bench/results/schema.ts";
import type { Subject } from "./source.ts";
import { medianOf } from "../../bench/statistics/basics.ts";

/** How late deliveries were over a phase: all valid trials of a subject, laid over each other. */
export interface Course {
  readonly subject: Subject;
  readonly trials: number;
  readonly sliceMs: number;
  /** Those with deliveries. */
  readonly slices: readonly Slice[];
  /** The time in which some message has to be due, if what was asked for is kept. */
  readonly messageEveryMs: number;
}

export interface Slice {
  /** From the start of the phase to the middle of the slice. */
  readonly atMs: number;
  readonly deliveries: number;
  /** Trials with a delivery in it. */
  readonly trials: number;
  readonly meanMs: number;
  readonly worstMs: number;
  /** The repetition in which the worst was. */
  readonly worstIn: number;
}

/** The course over the phases in which `key` was measured; null where there was no delivery. */
export function courseOf(subject: Subject, key: string): Course | null {
  const played = subject.trials.flatMap((trial) =>
    phasesOf([trial], key).map((phase) => ({
      repetition: trial.repetition,
      phase,
    })),
  );
  const sliceMs = Math.max(...played.map(({ phase }) => phase.timeline.sliceMs));
  const slices = new Map<number, Slice>();
  for (const { repetition, phase } of played) {
    for (const [index, slice] of joined(phase.timeline, sliceMs)) {
      const { count, sumNs, maxNs } = slice;
      if (isBeyondClocks(maxNs, phase.clockBoundNs ?? 0)) continue;
      const before = slices.get(index);
      const one: Slice = {
        atMs: (index + 0.5) * sliceMs,
        deliveries: count,
        trials: 1,
        meanMs: sumNs / count / 1e6,
        worstMs: maxNs / 1e6,
        worstIn: repetition,
      };
      slices.set(index, before === undefined ? one : together(before, one));
    }
  }
  if (slices.size === 0) return null;
  const rates = [
    subject.workload?.ratePerSecond ?? 0,
    ...played.map(({ phase }) => phase.rate?.intended ?? 0),
  ].filter((rate) => rate > 0);
  return {
    subject,
    trials: played.length,
    sliceMs,
    slices: [...slices.values()].toSorted((a, b) => a.atMs - b.atMs),
    // Clients that each send at a rate add up to a higher one: the lower is the sure one.
    messageEveryMs: rates.length === 0 ? 0 : 1_000 / Math.min(...rates),
  };
}

interface Sums {
  readonly count: number;
  readonly sumNs: number;
  readonly maxNs: number;
}

/** Slices with deliveries, by their place among wider ones. */
function joined({ sliceMs, slices }: Timeline, widerMs: number): ReadonlyMap<number, Sums> {
  const wider = new Map<number, Sums>();
  for (const [index, { count, meanNs, maxNs }] of slices.entries()) {
    if (count === 0 || meanNs === null || maxNs === null || sliceMs <= 0) continue;
    const place = Math.floor((index * sliceMs) / widerMs);
    const before = wider.get(place) ?? { count: 0, sumNs: 0, maxNs: 0 };
    wider.set(place, {
      count: before.count + count,
      sumNs: before.sumNs + count * meanNs,
      maxNs: Math.max(before.maxNs, maxNs),
    });
  }
  return wider;
}

function together(a: Slice, b: Slice): Slice {
  const deliveries = a.deliveries + b.deliveries;
  const worse = b.worstMs > a.worstMs ? b : a;
  return {
    atMs: a.atMs,
    deliveries,
    trials: a.trials + b.trials,
    meanMs: (a.meanMs * a.deliveries + b.meanMs * b.deliveries) / deliveries,
    worstMs: worse.worstMs,
    worstIn: worse.worstIn,
  };
}

/** Some deliveries of one subject that took far longer than its others. */
export interface Stall {
  readonly course: Course;
  /** The slice with its worst delivery. */
  readonly worst: Slice;
}

const minStallMs = 50;
const times = 3;
/** With fewer there is nothing that could be called usual. */
const fewestSlices = 5;

/** What `stallsOf` calls one, for people. */
export const stallMeaning = `A stall: a delivery that took over ${minStallMs} ms and over ${times} times the median of its line's points, less any poll interval.`;

/**
 * The stalls of a course, one for neighbouring slices; null where it is too short to tell. The polling of
 * a client that polls on a grid isn't one: a message may take as long as the poll interval.
 */
export function stallsOf(course: Course): Stall[] | null {
  const { slices, sliceMs, subject } = course;
  if (slices.length < fewestSlices) return null;
  const ownMs = subject.pollIntervalMs ?? 0;
  const beyond = slices.map(({ worstMs }) => Math.max(0, worstMs - ownMs));
  const bound = Math.max(minStallMs, times * (medianOf(beyond) ?? 0));
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
