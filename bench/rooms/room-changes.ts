import type { RoomPlan } from "../../scenarios/scenario.ts";
import { shuffled } from "../statistics/random.ts";
import { roomOf } from "./room-plan.ts";

/** A client that leaves its room and joins another. */
export interface RoomChange {
  readonly client: number;
  readonly room: number;
}

/**
 * Pairs of clients that exchange their rooms, one pair after the other, so that rooms keep their sizes. Clients take
 * turns in an order that depends on the seed; who speaks for a room stays. `rooms` are those that clients are in, by
 * their numbers, and are changed with them. Two may be of one room: then they leave it and join it again.
 */
export function exchanges(
  plan: RoomPlan,
  rooms: number[],
  pairs: number,
  seed: number,
): RoomChange[] {
  const movable = [...rooms.keys()].filter((client) => roomOf(plan, client).speaker !== client);
  if (movable.length < 2) return [];
  const order = shuffled(movable, seed);
  const half = Math.floor(order.length / 2);
  return Array.from({ length: pairs }, (_, pair) => pair % half).flatMap((index) => {
    const [one, other] = [order[index], order[half + index]];
    if (one === undefined || other === undefined) return [];
    const [left, joined] = [rooms[one] ?? 0, rooms[other] ?? 0];
    rooms[one] = joined;
    rooms[other] = left;
    return [
      { client: one, room: joined },
      { client: other, room: left },
    ];
  });
}
