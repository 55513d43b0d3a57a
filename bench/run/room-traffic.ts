import type { RoomPlan } from "../../scenarios/scenario.ts";
import type { SendResult } from "../processes/protocol.ts";
import type { RoomQuestion, RoomSent } from "../rooms/room-books.ts";
import type { Outage } from "../rooms/outage.ts";
import { exchanges } from "../rooms/room-changes.ts";
import type { RoomChange } from "../rooms/room-changes.ts";
import { countByRoom, roomsOfMessages } from "../rooms/room-order.ts";
import type { RoomSending } from "../rooms/room-order.ts";
import { placesIn, roomOf, roomsIn } from "../rooms/room-plan.ts";
import { derivedSeed } from "../statistics/random.ts";

/** Messages to rooms, and who sent them. */
export interface SentToRooms extends RoomSent {
  readonly by: "server" | "clients";
}

/** The rooms of a trial: who is in them, and what they have carried. */
export class RoomTraffic {
  readonly plan: RoomPlan;
  readonly #seed: number;
  readonly #carried: number[];
  /** The room that each client is in. */
  readonly #rooms: number[];
  /** In the present phase. */
  #sent: SentToRooms[] = [];
  #outage: Outage | null = null;
  #draws = 0;

  constructor(plan: RoomPlan, seed: number) {
    this.plan = plan;
    this.#seed = seed;
    this.#carried = Array.from({ length: roomsIn(plan) }, () => 0);
    this.#rooms = Array.from({ length: placesIn(plan) }, (_, client) => roomOf(plan, client).index);
  }

  /** How many messages each room has carried. */
  get carried(): readonly number[] {
    return [...this.#carried];
  }

  /** In the present phase. */
  get sent(): readonly SentToRooms[] {
    return this.#sent;
  }

  /** What load processes need to know at the end of the phase. */
  get question(): RoomQuestion {
    const outage = this.#outage;
    return { carried: this.carried, sent: this.#sent, ...(outage !== null && { outage }) };
  }

  phaseBegins(): void {
    this.#sent = [];
    this.#outage = null;
  }

  /** The broker was away in this phase. */
  brokerFailed(outage: Outage): void {
    this.#outage = outage;
  }

  /** What is to be sent next: in another order each time. */
  next(): RoomSending {
    return { plan: this.plan, seed: this.#nextSeed(), before: this.carried };
  }

  /** It has been sent by these processes, each of which sent a part of it. */
  add(sending: RoomSending, by: SentToRooms["by"], results: readonly SendResult[]): void {
    const messages = results.reduce((all, result) => all + result.messages, 0);
    const startNs = Math.min(...results.map((result) => result.startNs));
    const untilNs = Math.min(...results.map((result) => result.untilNs));
    this.#sent.push({ ...sending, by, messages, startNs, untilNs });
    const counts = countByRoom(this.plan, roomsOfMessages(this.plan, messages, sending.seed));
    for (const [room, count] of counts.entries()) {
      this.#carried[room] = (this.#carried[room] ?? 0) + count;
    }
  }

  /** Who is to change rooms next. */
  change(pairs: number): RoomChange[] {
    return exchanges(this.plan, this.#rooms, pairs, this.#nextSeed());
  }

  #nextSeed(): number {
    this.#draws += 1;
    return derivedSeed(this.#seed, this.#draws);
  }
}
