import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { RoomPlan } from "../../scenarios/scenario.ts";
import { shuffled } from "../statistics/random.ts";
import { roomsIn } from "./room-plan.ts";

/** One size of a plan's rooms, whose messages are due at equal distances of a time that only orders them. */
interface Turn {
  /** Its rooms, in the order in which they have their turns. */
  readonly rooms: readonly number[];
  readonly distance: number;
  next: number;
  messages: number;
}

/**
 * The room of each message. A room's size has messages by the inverse square root of that size, half way between as
 * many messages for each size, of which nearly all deliveries would be to the largest, and as many deliveries. Those of
 * one size come at equal distances, and rooms of one size take turns: all depends on nothing but the seed.
 */
export function roomsOfMessages(
  { rooms: sizes }: RoomPlan,
  messages: number,
  seed: number,
): Int32Array {
  const generator = mersenne(seed);
  let firstRoom = 0;
  const turns = sizes.flatMap(({ clients, count }, size): Turn[] => {
    const rooms = Array.from({ length: count }, (_, index) => firstRoom + index);
    firstRoom += count;
    if (count === 0) return [];
    const distance = Math.sqrt(clients);
    const next = uniformFloat64(generator) * distance;
    return [{ rooms: shuffled(rooms, seed + size), distance, next, messages: 0 }];
  });
  return Int32Array.from({ length: messages }, () => {
    const turn = turns.reduce((first, other) => (other.next < first.next ? other : first));
    const room = turn.rooms[turn.messages % turn.rooms.length] ?? 0;
    turn.messages += 1;
    turn.next += turn.distance;
    return room;
  });
}

/** How many of the messages each room of a plan has. */
export function countByRoom(plan: RoomPlan, rooms: Iterable<number>): number[] {
  const counts = Array.from({ length: roomsIn(plan) }, () => 0);
  for (const room of rooms) counts[room] = (counts[room] ?? 0) + 1;
  return counts;
}

/** Messages to the rooms of a plan, and how many each room had carried before: they are numbered on from there. */
export interface RoomSending {
  readonly plan: RoomPlan;
  readonly seed: number;
  readonly before: readonly number[];
}

/** The room and the number there of one message after the other, from the first. */
export class RoomTurns {
  readonly #rooms: Int32Array;
  readonly #newest: number[];

  constructor({ plan, seed, before }: RoomSending, messages: number) {
    this.#rooms = roomsOfMessages(plan, messages, seed);
    this.#newest = [...before];
  }

  /** The room of a message; of the first where there is no such message. */
  roomOf(index: number): number {
    return this.#rooms[index] ?? 0;
  }

  /** The number of the next message of a room. */
  number(room: number): number {
    const number = (this.#newest[room] ?? 0) + 1;
    this.#newest[room] = number;
    return number;
  }
}
