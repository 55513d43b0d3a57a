import type { RoomPlan } from "../../scenarios/scenario.ts";
import { sum } from "../statistics/basics.ts";

/** One room of a plan. */
export interface Room {
  /** Counted from 0 over all rooms. */
  readonly index: number;
  readonly channel: string;
  /** Which of the plan's sizes it has, counted from 0. */
  readonly size: number;
  /** How many clients it is for. */
  readonly clients: number;
  /** Who is in it at first, the lowest number of them: this one speaks for the room, and stays in it. */
  readonly speaker: number;
}

/** How many clients have a place in the rooms of a plan. */
export function placesIn({ rooms }: RoomPlan): number {
  return sum(rooms.map(({ clients, count }) => clients * count));
}

export function roomsIn({ rooms }: RoomPlan): number {
  return sum(rooms.map(({ count }) => count));
}

/** The room of this index. */
export function roomAt(plan: RoomPlan, index: number): Room {
  let firstRoom = 0;
  let firstClient = 0;
  for (const [size, { clients, count }] of plan.rooms.entries()) {
    if (index < firstRoom + count) {
      const speaker = firstClient + (index - firstRoom) * clients;
      return { index, channel: roomChannel(index), size, clients, speaker };
    }
    firstRoom += count;
    firstClient += clients * count;
  }
  throw new Error(`the plan has no room ${index}`);
}

/** The room that a client is in at first: they fill one after the other, in the order of their numbers. */
export function roomOf(plan: RoomPlan, client: number): Room {
  let firstRoom = 0;
  let firstClient = 0;
  for (const { clients, count } of plan.rooms) {
    const room = Math.floor((client - firstClient) / clients);
    if (room < count) return roomAt(plan, firstRoom + room);
    firstRoom += count;
    firstClient += clients * count;
  }
  throw new Error(`the plan has no room for client ${client}`);
}

function roomChannel(index: number): string {
  return `room-${index}`;
}
