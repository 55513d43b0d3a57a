import type { Channels, Dialled, SendResult } from "../processes/protocol.ts";
import type { RoomTraffic } from "./room-traffic.ts";
import type { Prompted } from "./phase-tokens.ts";
import type { Load } from "./fleet.ts";
import { nothingSent, addSend } from "./phase-sends.ts";
import type { SendCounts, PhaseSends } from "./phase-sends.ts";

/** The clients and messages of a trial so far: verbs add to it, and each phase takes its share. */
export class Traffic {
  channels: Channels = "shared";
  /** Null where clients aren't in rooms. */
  rooms: RoomTraffic | null = null;
  /** What clients have asked for in the present phase; null where they didn't prompt. */
  prompted: Prompted | null = null;
  /** The number of the next message on each channel. */
  nextSequence = 1;
  /** Messages on the shared channel by the end of the last phase. */
  published = 0;
  #dialled: Dialled[] = [];
  /** What the current phase has sent; null between phases. */
  #sends: PhaseSends | null = null;
  /** Messages that the shared channel had carried before the trial; null before anyone has looked. */
  #age: number | null = null;

  /** Clients that were dialled since the last phase began. */
  get dialled(): readonly Dialled[] {
    return this.#dialled;
  }

  /** Messages that the channel of each client had carried before the trial. */
  agesOf(holders: readonly Load[]): number[] {
    const cursors = holders.flatMap((load) => load.cursors);
    return this.channels === "own" ? cursors : cursors.map(() => this.#age ?? 0);
  }

  /** Clients have been dialled; `firstCursor` is the last message number that the first of all clients found. */
  connected(dialled: readonly Dialled[], firstCursor: number): void {
    this.#dialled.push(...dialled);
    if (this.channels === "shared") this.#age ??= Math.max(0, firstCursor - this.published);
  }

  /** `rounds` of messages have been sent, of `intendedRate` a second over all senders. */
  sent(sent: readonly SendResult[], counts: SendCounts, intendedRate: number): void {
    if (this.#sends === null) throw new Error("messages are sent within a phase");
    this.#sends = addSend(this.#sends, sent, counts, intendedRate);
  }

  phaseBegins(): void {
    this.rooms?.phaseBegins();
    this.prompted = null;
    this.#dialled = [];
  }

  sendingBegins(): void {
    this.#sends = nothingSent;
  }

  /** All that was sent since then. */
  sendingEnds(): PhaseSends {
    const sends = this.#sends ?? nothingSent;
    this.#sends = null;
    return sends;
  }
}
