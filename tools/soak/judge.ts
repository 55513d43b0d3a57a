import { exitCodes } from "../../bench/errors/errors.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import type { ProcessCourse, SoakRecord, SoakedPhase, SoakedRun } from "./record.ts";
import { slopeOf } from "./slope.ts";
import type { Slope } from "./slope.ts";

/** `open`: the interval doesn't tell, or there are too few readings. */
export type Verdict = "flat" | "grows" | "open";

export interface Judged {
  /** The median. */
  readonly level: number;
  /** Null of too few readings. */
  readonly perHour: Slope | null;
  readonly boundPerHour: number;
  readonly verdict: Verdict;
}

export interface JudgedProcess {
  readonly process: string;
  /** Null for a process that has none. */
  readonly heap: Judged | null;
  readonly anonymous: Judged;
  readonly descriptors: Judged;
}

export interface JudgedRun {
  readonly run: SoakedRun;
  readonly processes: readonly JudgedProcess[];
  /** All that is wrong with it, in words. */
  readonly faults: readonly string[];
}

/** What is not judged: code is compiled, and heaps find their size. */
export const warmUpShare = 1 / 6;

/** How much a process may gain for each return of a client, in bytes; and for each cut, in descriptors. */
const allowed = { heapBytes: 1_024, anonymousBytes: 2_048, descriptorsPerCut: 0.1 };

/**
 * Nothing is said of the heap of a process that reports less often: it isn't Node, or it is the packet relay, which
 * waits for packets outside of its event loop.
 */
const fewestReports = 10;

interface Bounds {
  readonly heap: number;
  readonly anonymous: number;
  readonly descriptors: number;
}

export function boundsPerHour({ clients, cutEverySeconds }: SoakRecord): Bounds {
  const cuts = 3_600 / cutEverySeconds;
  return {
    heap: allowed.heapBytes * clients * cuts,
    anonymous: allowed.anonymousBytes * clients * cuts,
    descriptors: allowed.descriptorsPerCut * cuts,
  };
}

export function judgeRun(run: SoakedRun, record: SoakRecord): JudgedRun {
  const processes = run.processes.map((course) => judgeProcess(course, record));
  return {
    run,
    processes,
    faults: [
      ...outcomeFaults(run),
      ...processes.flatMap(memoryFaults),
      ...run.phases.flatMap(booksFaults),
    ],
  };
}

function judgeProcess(course: ProcessCourse, record: SoakRecord): JudgedProcess {
  const bounds = boundsPerHour(record);
  const judge = (atMs: readonly number[], values: readonly number[], bound: number): Judged =>
    judgeCourse(atMs, values, { everyMs: record.cutEverySeconds * 1_000, boundPerHour: bound });
  const { heap } = course;
  return {
    process: course.process,
    heap: heap.bytes.length < fewestReports ? null : judge(heap.atMs, heap.bytes, bounds.heap),
    anonymous: judge(course.atMs, course.anonymousBytes, bounds.anonymous),
    descriptors: judge(course.atMs, course.descriptors, bounds.descriptors),
  };
}

interface Judging {
  /** Readings within such a time become one: what goes up and down with each cut is no trend. */
  readonly everyMs: number;
  readonly boundPerHour: number;
}

/** Flat is what surely gains less than the bound; what surely gains more grows. */
export function judgeCourse(
  atMs: readonly number[],
  values: readonly number[],
  { everyMs, boundPerHour }: Judging,
): Judged {
  const [first = 0, last = 0] = [atMs[0], atMs.at(-1)];
  const fromMs = first + (last - first) * warmUpShare;
  const stretches = medianCourse(atMs, values, { fromMs, everyMs });
  const medians = stretches.map(({ median }) => median);
  const hours = stretches.map(({ sinceMs }) => sinceMs / 3_600_000);
  const perHour = slopeOf(hours, medians);
  const level = medianOf(medians) ?? 0;
  return { level, perHour, boundPerHour, verdict: verdictOf(perHour, boundPerHour) };
}

interface Stretch {
  /** Its beginning, from the first one's. */
  readonly sinceMs: number;
  readonly median: number;
}

/** One value for each stretch of time from `fromMs` on. */
export function medianCourse(
  atMs: readonly number[],
  values: readonly number[],
  { fromMs, everyMs }: { readonly fromMs: number; readonly everyMs: number },
): Stretch[] {
  const stretches = new Map<number, number[]>();
  for (const [place, time] of atMs.entries()) {
    const value = values[place];
    if (time < fromMs || value === undefined) continue;
    const stretch = Math.floor((time - fromMs) / everyMs);
    stretches.set(stretch, [...(stretches.get(stretch) ?? []), value]);
  }
  return [...stretches].map(([stretch, each]) => ({
    sinceMs: stretch * everyMs,
    median: medianOf(each) ?? Number.NaN,
  }));
}

function verdictOf(slope: Slope | null, bound: number): Verdict {
  if (slope === null) return "open";
  if (slope.high <= bound) return "flat";
  return slope.low > bound ? "grows" : "open";
}

function memoryFaults({ process, heap, anonymous, descriptors }: JudgedProcess): string[] {
  const measures = {
    "the heap": heap,
    "its own memory": anonymous,
    "the number of descriptors": descriptors,
  };
  return Object.entries(measures).flatMap(([name, judged]) => {
    if (judged === null || judged.verdict === "flat") return [];
    return [
      `${process}: ${name} ${judged.verdict === "grows" ? "grows" : "can't be told to be flat"}`,
    ];
  });
}

/** An invalid trial is as good as a valid one here, where times aren't looked at. */
function outcomeFaults({ exitCode, outcome, left, processes, phases }: SoakedRun): string[] {
  return [
    ...(exitCode === exitCodes.done || exitCode === exitCodes.inconclusive
      ? []
      : [`it ended with exit code ${exitCode} (see its run.log)`]),
    ...(/^(valid|invalid)/.test(outcome) ? [] : [`its trial ${outcome || "has no results"}`]),
    ...(processes.length === 0 ? ["no process was seen"] : []),
    ...(phases.length === 0 ? ["there are no books"] : []),
    ...left.map((what) => `${what} is left`),
  ];
}

/** Clients resume, so everything has to arrive, and once. */
function booksFaults(phase: SoakedPhase): string[] {
  const { name, expected, received, replayed, inFlight, missed, overrun, unaccounted } = phase;
  const lost = inFlight + missed + overrun + unaccounted;
  return [
    ...(received + replayed + lost === expected ? [] : [`${name}: the ledger doesn't add up`]),
    ...(phase.lasting === 0 ? [] : [`${name}: ${phase.lasting} clients never came back`]),
    ...(lost === 0 ? [] : [`${name}: ${lost} deliveries are lost`]),
    ...(phase.doubled === 0 ? [] : [`${name}: ${phase.doubled} deliveries came twice`]),
  ];
}
