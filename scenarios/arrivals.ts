import type { Arrival } from "./stage-verbs.ts";

/** How events came that were sent one after the other, with a pause between. Null where nothing came. */
export interface Course {
  /** From sending the first of all to the first arrival, in milliseconds. */
  readonly firstMs: number | null;
  /** The most events that came together though they were sent apart; 1 where each came by itself. */
  readonly burst: number;
  /** Of those that came, how many did so together with others: from 0 to 1. */
  readonly gathered: number;
  /** The longest that one was under way, in milliseconds. */
  readonly longestMs: number | null;
  /** Half were under way no longer. */
  readonly medianMs: number | null;
  /** The most events that had been sent and hadn't come, when the next was sent. */
  readonly heldEvents: number;
}

/** Events come together that are apart by less than this share of the pause with which they were sent. */
const togetherShare = 0.1;

/** `publishedNs`: when each was sent, in this order, whether it came or not. */
export function courseOf(
  arrivals: readonly Pick<Arrival, "sentNs" | "atNs">[],
  publishedNs: readonly number[],
): Course {
  const came = arrivals.toSorted((a, b) => a.atNs - b.atNs);
  const [first] = came;
  const [firstSentNs] = publishedNs;
  const bursts = burstsOf(came);
  const inBursts = bursts.filter((events) => events > 1).reduce((sum, events) => sum + events, 0);
  const underWayMs = came
    .map(({ atNs, sentNs }) => (atNs - sentNs) / 1e6)
    .toSorted((a, b) => a - b);
  return {
    firstMs:
      first === undefined || firstSentNs === undefined ? null : (first.atNs - firstSentNs) / 1e6,
    burst: Math.max(0, ...bursts),
    gathered: came.length === 0 ? 0 : inBursts / came.length,
    longestMs: underWayMs.at(-1) ?? null,
    medianMs: underWayMs[Math.ceil(underWayMs.length / 2) - 1] ?? null,
    heldEvents: heldEvents(came, publishedNs),
  };
}

/** How many came together each time, of events in the order in which they came. */
export function burstsOf(came: readonly Pick<Arrival, "sentNs" | "atNs">[]): number[] {
  const bursts: number[] = [];
  for (const [index, { sentNs, atNs }] of came.entries()) {
    const before = came[index - 1];
    const isTogether =
      before !== undefined && atNs - before.atNs < togetherShare * Math.abs(sentNs - before.sentNs);
    const last = bursts.length - 1;
    if (isTogether) bursts[last] = (bursts[last] ?? 0) + 1;
    else bursts.push(1);
  }
  return bursts;
}

function heldEvents(
  came: readonly Pick<Arrival, "atNs">[],
  publishedNs: readonly number[],
): number {
  let arrived = 0;
  let most = 0;
  for (const [sent, sentNs] of publishedNs.entries()) {
    while ((came[arrived]?.atNs ?? Infinity) <= sentNs) arrived += 1;
    most = Math.max(most, sent - arrived);
  }
  return most;
}
