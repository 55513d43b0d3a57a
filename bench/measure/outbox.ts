import type { Connection } from "../../transports/transport.ts";

/** What the outboxes of some clients have done. Durations are nanoseconds. */
export interface OutboxTally {
  /** The most messages that one client kept. */
  readonly mostKept: number;
  /** Messages that were sent once more. */
  readonly sentAgain: number;
  /** From a client's return until all that it kept then was acknowledged. */
  readonly untilAcknowledged: readonly number[];
  /** Returns after which that hasn't happened. */
  readonly unacknowledged: number;
}

interface Kept {
  readonly payload: Buffer;
  wasSent: boolean;
}

/**
 * What one client sends, kept in order until it is acknowledged. A message is so by coming back on the client's own
 * channel, which takes nothing of any transport, and also tells of it where the client was away meanwhile and resumes.
 */
export class Outbox {
  readonly #kept = new Map<number, Kept>();
  #mostKept = 0;
  #sentAgain = 0;
  #untilAcknowledged: number[] = [];
  /** The last return, and the newest message that was kept then; null when all of these are acknowledged. */
  #return: { readonly backNs: number; readonly newest: number } | null = null;

  /** Keeps a message, and sends it unless the client is away: `connection` is null then. */
  send(sequence: number, payload: Buffer, connection: Connection | null): void {
    this.#kept.set(sequence, { payload, wasSent: connection !== null });
    this.#mostKept = Math.max(this.#mostKept, this.#kept.size);
    connection?.send(payload);
  }

  /** The client is back: sends all that is kept, before anything newer. */
  sendAll(connection: Connection, backNs: number): void {
    const newest = [...this.#kept.keys()].at(-1);
    if (newest === undefined) return;
    this.#return = { backNs, newest };
    for (const kept of this.#kept.values()) {
      if (kept.wasSent) this.#sentAgain += 1;
      kept.wasSent = true;
      connection.send(kept.payload);
    }
  }

  acknowledge(sequence: number, nowNs: number): void {
    this.#kept.delete(sequence);
    if (this.#return === null) return;
    const [oldest = Number.POSITIVE_INFINITY] = this.#kept.keys();
    if (oldest <= this.#return.newest) return;
    this.#untilAcknowledged.push(nowNs - this.#return.backNs);
    this.#return = null;
  }

  /** What it has done since it was asked last. */
  tally(): OutboxTally {
    const tally = {
      mostKept: this.#mostKept,
      sentAgain: this.#sentAgain,
      untilAcknowledged: this.#untilAcknowledged,
      unacknowledged: this.#return === null ? 0 : 1,
    };
    this.#mostKept = this.#kept.size;
    this.#sentAgain = 0;
    this.#untilAcknowledged = [];
    return tally;
  }
}
