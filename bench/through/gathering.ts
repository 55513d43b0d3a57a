import { burstsOf, courseOf } from "../../scenarios/arrivals.ts";
import { isWhole } from "./heard.ts";
import type { Heard, HeardEvent } from "./heard.ts";
import type { Question } from "./question.ts";
import { heldBytesOf, medianOf } from "./releases.ts";

/** How numbered events came that were sent one after the other. */
export interface Gathering {
  /** The most events that came together though they were sent apart. */
  readonly burst: number;
  /** The share of events that came together with others. */
  readonly gathered: number;
  /** How long the first of those was held that came together, in milliseconds: as a rule. */
  readonly heldMs: number;
  /** Whether nothing came before the answer ended. */
  readonly isUntilEnd: boolean;
  /** The least and the most that a buffer holds in which so many gathered, in bytes on the wire. */
  readonly heldBytes: { readonly from: number; readonly to: number };
}

type Numbered = HeardEvent & { readonly sentMs: number };

function numberedIn({ events }: Heard): Numbered[] {
  return events.flatMap(({ sentMs, ...event }) => (sentMs === null ? [] : { ...event, sentMs }));
}

/**
 * How far the client's clock is ahead of the server's, in milliseconds, as far as answers tell: no event came before it
 * was sent, and none was sent before it was asked for. Null where no event came.
 */
export function clockAheadMs(
  exchanges: readonly { readonly heard: Heard; readonly question: Question }[],
): number | null {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { heard, question } of exchanges) {
    const events = numberedIn(heard);
    for (const { atMs, sentMs } of events) most = Math.min(most, atMs - sentMs);
    const first = events.find(({ number }) => number === 1);
    if (first === undefined) continue;
    least = Math.max(least, heard.askedMs + (question.wait ?? 0) - first.sentMs);
  }
  if (most === Number.POSITIVE_INFINITY) return null;
  // Every event may have been held; a server that is slow to answer can't be told from that beyond a moment.
  return most - least < unclearMs ? Math.min(least, most) : most;
}

const unclearMs = 100;

export function gatheringOf(
  heard: Heard,
  { count, gap = 0 }: Question,
  aheadMs: number,
): Gathering | null {
  const events = numberedIn(heard);
  const last = events.at(-1);
  if (last === undefined) return null;
  const arrivals = events.map(({ atMs, sentMs }) => ({
    atNs: atMs * 1e6,
    sentNs: (sentMs + aheadMs) * 1e6,
  }));
  const { burst, gathered } = courseOf(
    arrivals,
    arrivals.map(({ sentNs }) => sentNs),
  );
  const firstAtMs = events[0]?.atMs ?? 0;
  return {
    burst,
    gathered,
    heldMs: Math.max(0, heldMsOf(arrivals)),
    isUntilEnd: isWhole(heard, count) && count > 1 && firstAtMs >= last.sentMs + aheadMs - gap / 2,
    heldBytes: heldBytesOf(heard, gap),
  };
}

/** Of each burst the longest; half of them took no longer. The last may have been let go by the end of the answer. */
function heldMsOf(arrivals: readonly { readonly sentNs: number; readonly atNs: number }[]): number {
  let at = 0;
  const longest = burstsOf(arrivals).map((events) => {
    const together = arrivals.slice(at, (at += events));
    return Math.max(...together.map(({ sentNs, atNs }) => (atNs - sentNs) / 1e6));
  });
  return medianOf(longest.length > 2 ? longest.slice(0, -1) : longest);
}

/** From how many on events that came together are no accident of a busy machine. */
const someTogether = 3;
const manyTogether = 8;

/** Whether something gathers events. */
export function isGathered({ burst, gathered }: Gathering): boolean {
  return (gathered >= 0.5 && burst >= someTogether) || burst >= manyTogether;
}

/** Whether the head waited for the first event, which was sent `wait` milliseconds behind it. */
export function isHeadHeld({ head, events }: Heard, { wait = 0 }: Question): boolean {
  const [first] = events;
  return head !== null && first !== undefined && first.atMs - head.atMs < wait / 2;
}

/** How an endpoint's own events, or whatever it sends, came: when they were sent isn't known. */
export interface OwnCourse {
  readonly arrivals: number;
  readonly events: number;
  /** The most events in one arrival. */
  readonly most: number;
  readonly bytes: number;
  /** Between two arrivals, in milliseconds. */
  readonly longestGapMs: number | null;
}

export function ownCourse({ chunks, events }: Heard): OwnCourse {
  const times = chunks.map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs));
  // Sent apart, for all that is known: those that came in one moment came together.
  const apart = events.map(({ atMs }, index) => ({ atNs: atMs * 1e6, sentNs: index * momentNs }));
  return {
    arrivals: chunks.length,
    events: events.length,
    most: Math.max(0, ...burstsOf(apart)),
    bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
    longestGapMs: gaps.length === 0 ? null : Math.max(...gaps),
  };
}

const momentNs = 20e6;
