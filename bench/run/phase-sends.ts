import type { Collected, SendResult } from "../processes/protocol.ts";
import type { Histogram } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";

/** What was sent within a phase, and to how many deliveries it must lead. */
export interface PhaseSends {
  readonly sent: readonly SendResult[];
  /** Messages per second over all senders. */
  readonly intendedRate: number;
  readonly counts: SendCounts;
}

export interface SendCounts {
  /** Messages that were to be sent. */
  readonly intended: number;
  /** Messages on each channel. */
  readonly rounds: number;
  /** Messages on the channel that all clients share. */
  readonly published: number;
  /** Messages sent up, by the number of the client. */
  readonly sentUp: readonly number[];
  /** Deliveries expected in each load process. */
  readonly expected: readonly number[];
  /** Deliveries that the canary is to get. */
  readonly toCanary: number;
}

export const nothingSent: PhaseSends = {
  sent: [],
  intendedRate: 0,
  counts: { intended: 0, rounds: 0, published: 0, sentUp: [], expected: [], toCanary: 0 },
};

/** `before`, with the results of one more request to send. */
export function addSend(
  before: PhaseSends,
  sent: readonly SendResult[],
  counts: SendCounts,
  intendedRate: number,
): PhaseSends {
  return {
    sent: [...before.sent, ...sent],
    intendedRate,
    counts: {
      intended: before.counts.intended + counts.intended,
      rounds: before.counts.rounds + counts.rounds,
      published: before.counts.published + counts.published,
      sentUp: addByIndex(before.counts.sentUp, counts.sentUp),
      expected: addByIndex(before.counts.expected, counts.expected),
      toCanary: before.counts.toCanary + counts.toCanary,
    },
  };
}

/** `sends`, where the processes themselves have told how many deliveries they expect. */
export function expecting(
  { counts, ...sends }: PhaseSends,
  recordings: readonly Pick<Collected, "rooms">[],
): PhaseSends {
  const expected = recordings.map(({ rooms }) => sum(rooms?.expected ?? []));
  return { ...sends, counts: { ...counts, expected } };
}

/** Adds two lists index by index; the shorter one is continued with zeros. */
function addByIndex(some: readonly number[], more: readonly number[]): number[] {
  const length = Math.max(some.length, more.length);
  return Array.from({ length }, (_, index) => (some[index] ?? 0) + (more[index] ?? 0));
}

/** Messages to rooms: load processes tell how many deliveries these make. */
export function roomCounts(messages: number): SendCounts {
  return { ...nothingSent.counts, intended: messages };
}

/** How many of `messages` each of `clients` sends who take turns. */
export function shares(messages: number, clients: number): number[] {
  const whole = Math.floor(messages / clients);
  const more = messages % clients;
  return Array.from({ length: clients }, (_, index) => (index < more ? whole + 1 : whole));
}

/** What was sent from several sides, each with how late it was: servers send what clients have asked for. */
export function withLateness(
  sent: readonly SendResult[],
  lateness: readonly Histogram[],
): SendResult[] {
  const [first] = sent;
  if (first === undefined) return [];
  const { startNs, untilNs } = first;
  const nothing = { messages: 0, startNs, untilNs, achievedRate: 0 };
  return [...sent, ...lateness.map((late) => ({ ...nothing, lateness: late }))];
}
