import type { RoomPlan } from "./scenario.ts";

/** Of chat rooms, where there are clients for them. */
const largeRoom = 1_000;
const smallRoom = 10;

/**
 * Rooms for so many clients: half of them are in one, a quarter in large chat rooms, an eighth in small ones, and the
 * rest each alone.
 */
export function roomsFor(clients: number): RoomPlan {
  let left = clients;
  const rooms: { clients: number; count: number }[] = [];
  const add = (share: number, most: number): void => {
    const size = Math.min(left, most, Math.floor(clients * share));
    if (size < 1) return;
    const count = Math.max(1, Math.floor((clients * share) / size));
    // Rooms of one size are one row, whichever they are for.
    const same = rooms.find((others) => others.clients === size);
    if (same === undefined) rooms.push({ clients: size, count });
    else same.count += count;
    left -= size * count;
  };
  add(1 / 2, clients);
  add(1 / 4, largeRoom);
  add(1 / 8, smallRoom);
  if (left > 0) rooms.push({ clients: 1, count: left });
  return { rooms };
}

/** `one of 2000, 2 of 1000, …` */
export function roomsText({ rooms }: RoomPlan): string {
  return rooms
    .map(({ clients, count }) =>
      clients === 1 ? `${count} alone` : `${count === 1 ? "one" : count} of ${clients}`,
    )
    .join(", ");
}
