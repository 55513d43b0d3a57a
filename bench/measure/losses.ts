import type { Ledger } from "../../scenarios/scenario.ts";
import type { Absence } from "./absence.ts";

/** What a ledger is about: messages of one channel, sent at a steady rate. Times are nanoseconds. */
export interface Sent {
  readonly firstSequence: number;
  readonly messages: number;
  readonly startNs: number;
  readonly untilNs: number;
}

/** What one of `senders` sends who take turns, by its place among them. */
export function turnsOf(all: Sent, senders: number, place: number): Sent {
  const messages = Math.max(0, Math.ceil((all.messages - place) / senders));
  const distanceNs = (all.untilNs - all.startNs) / all.messages;
  const startNs = all.startNs + place * distanceNs;
  const untilNs = startNs + messages * senders * distanceNs;
  return { firstSequence: all.firstSequence, messages, startNs, untilNs };
}

/** What became of the messages that never reached a client. */
export type Losses = Pick<Ledger, BusFate | "inFlight" | "missed" | "overrun" | "unaccounted">;

export const noLosses: Losses = {
  unsent: 0,
  untaken: 0,
  inFlight: 0,
  missed: 0,
  overrun: 0,
  unaccounted: 0,
};

/** Why a message didn't reach one of several servers: it couldn't be handed to the bus, or wasn't taken from it. */
export type BusFate = "unsent" | "untaken";

/** The same of a message on a channel; null where it did reach that server. */
export type FateOnBus = (server: number, channel: string, sequence: number) => BusFate | null;

/** Messages that a server has said it doesn't deliver. */
export interface Gap {
  readonly fromSequence: number;
  readonly messages: number;
}

/** One client: what it hasn't received, and when it was away. */
export interface Accounted {
  /** The number of the message that is to come next. */
  readonly next: number;
  /** Messages before that which haven't come. */
  readonly missing: Iterable<number>;
  readonly absences: readonly Absence[];
  readonly gaps: readonly Gap[];
  /** Left out where all that was published reached its server. */
  readonly fateOnBus?: ((sequence: number) => BusFate | null) | undefined;
}

/** What became of each message that was sent, and that a client hasn't received. */
export function lossesOf(client: Accounted, sent: Sent): Losses {
  const { next, missing, absences, gaps, fateOnBus } = client;
  const losses = { ...noLosses };
  const end = sent.firstSequence + sent.messages;
  const lose = (sequence: number): void => {
    const isOverrun = gaps.some((gap) => isIn(gap, sequence));
    const fate = isOverrun ? "overrun" : fateOf(sequence, absences, sent);
    losses[fateOnBus?.(sequence) ?? fate] += 1;
  };
  for (const sequence of missing) {
    if (sequence >= sent.firstSequence && sequence < end) lose(sequence);
  }
  for (let sequence = Math.max(next, sent.firstSequence); sequence < end; sequence += 1) {
    lose(sequence);
  }
  return losses;
}

function isIn({ fromSequence, messages }: Gap, sequence: number): boolean {
  return sequence >= fromSequence && sequence < fromSequence + messages;
}

/** By when it was due: a client may have been away several times since it got anything. */
function fateOf(sequence: number, absences: readonly Absence[], sent: Sent): keyof Losses {
  const dueNs = dueAtNs(sequence, sent);
  const since = absences.filter(({ fromSequence }) => fromSequence <= sequence);
  const isIn = ({ awayNs, backNs }: Absence): boolean =>
    dueNs > awayNs && (backNs === null || dueNs < backNs);
  if (since.some(isIn)) return "missed";
  return since.some(({ awayNs }) => dueNs <= awayNs) ? "inFlight" : "unaccounted";
}

function dueAtNs(sequence: number, { firstSequence, messages, startNs, untilNs }: Sent): number {
  return startNs + ((sequence - firstSequence) * (untilNs - startNs)) / messages;
}
