import { describe, expect, it } from "vitest";
import { roomsFor, roomsText } from "../../scenarios/room-plans.ts";
import type { RoomPlan } from "../../scenarios/scenario.ts";
import { shuffled } from "../statistics/random.ts";
import { exchanges } from "./room-changes.ts";
import { RoomTurns, countByRoom, roomsOfMessages } from "./room-order.ts";
import { placesIn, roomAt, roomOf, roomsIn } from "./room-plan.ts";

/** Plans of many kinds: those of the scenario, and some with sizes in any order. */
const plans: RoomPlan[] = [
  ...[1, 2, 3, 7, 8, 40, 99, 800, 4_000, 10_001].map(roomsFor),
  ...[1, 2, 3].map((seed) => ({
    rooms: shuffled([1, 2, 5, 30], seed).map((clients) => ({ clients, count: seed })),
  })),
];

const places = (plan: RoomPlan): number[] =>
  Array.from({ length: placesIn(plan) }, (_, client) => client);

describe.each(plans.map((plan) => [roomsText(plan), plan] as const))("a plan of %s", (_, plan) => {
  it("gives each client one room, and each room as many clients as it is for", () => {
    const clients = countByRoom(
      plan,
      places(plan).map((client) => roomOf(plan, client).index),
    );
    expect(clients).toEqual(clients.map((_, room) => roomAt(plan, room).clients));
    expect(clients.every((count) => count > 0)).toBe(true);
    expect(() => roomOf(plan, placesIn(plan))).toThrow("no room for client");
    expect(() => roomAt(plan, roomsIn(plan))).toThrow("no room");
  });

  it("has one channel for each room, and one of its clients speak for it", () => {
    const rooms = Array.from({ length: roomsIn(plan) }, (_, index) => roomAt(plan, index));
    expect(new Set(rooms.map(({ channel }) => channel)).size).toBe(rooms.length);
    for (const room of rooms) expect(roomOf(plan, room.speaker)).toEqual(room);
  });

  it("sends messages to rooms of all sizes, in an order that only the seed decides", () => {
    const order = roomsOfMessages(plan, 1_000, 5);
    expect(roomsOfMessages(plan, 1_000, 5)).toEqual(order);
    const sizes = new Set([...order].map((room) => roomAt(plan, room).size));
    expect(sizes.size).toBe(plan.rooms.length);
    // A shorter schedule is the beginning of a longer one.
    expect(roomsOfMessages(plan, 10, 5)).toEqual(order.slice(0, 10));
    const shares = plan.rooms.map(({ clients }) => 1 / Math.sqrt(clients));
    const all = shares.reduce((one, other) => one + other);
    const bySize = plan.rooms.map(
      (_, size) => [...order].filter((room) => roomAt(plan, room).size === size).length,
    );
    for (const [size, messages] of bySize.entries()) {
      expect(Math.abs(messages - (1_000 * (shares[size] ?? 0)) / all)).toBeLessThan(2);
    }
  });

  it("numbers the messages of each room without a gap, from those before", () => {
    const before = Array.from({ length: roomsIn(plan) }, (_, room) => room % 3);
    const turns = new RoomTurns({ plan, seed: 2, before }, 500);
    const newest = [...before];
    for (let index = 0; index < 500; index += 1) {
      const room = turns.roomOf(index);
      expect(turns.number(room)).toBe((newest[room] ?? 0) + 1);
      newest[room] = (newest[room] ?? 0) + 1;
    }
  });

  it("keeps the sizes of rooms, and who speaks for them, when clients exchange theirs", () => {
    const before = places(plan).map((client) => roomOf(plan, client).index);
    const rooms = [...before];
    const changes = exchanges(plan, rooms, 30, 9);
    expect(countByRoom(plan, rooms)).toEqual(countByRoom(plan, before));
    const moved = [...before];
    for (const { client, room } of changes) moved[client] = room;
    expect(moved).toEqual(rooms);
    for (const room of new Set(before)) {
      expect(rooms[roomAt(plan, room).speaker]).toBe(room);
    }
  });
});

describe("the rooms for a number of clients", () => {
  it("are one for half of them, chat rooms of 1 000 and of 10, and the others alone", () => {
    expect(roomsText(roomsFor(8_000))).toBe("one of 4000, 2 of 1000, 100 of 10, 1000 alone");
    expect(roomsText(roomsFor(40))).toBe("one of 20, one of 10, one of 5, 5 alone");
  });

  it("have a place for each, however few they are", () => {
    for (let clients = 1; clients < 200; clients += 1) {
      expect(placesIn(roomsFor(clients))).toBe(clients);
    }
  });
});
