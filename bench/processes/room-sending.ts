import type { DurationHistogram } from "../measure/histogram.ts";
import type { ResourceMeter } from "../measure/resources.ts";
import { steady } from "../measure/pacer.ts";
import { RoomTurns } from "../rooms/room-order.ts";
import type { RoomSending } from "../rooms/room-order.ts";
import type { SendRequest, SendResult } from "./protocol.ts";
import { sendOnSchedule } from "./sending.ts";

/** Who sends to a room: `index` counts from 0 over all rooms. */
export type SendToRoom = (room: number, sequence: number, dueNs: number) => void;

/**
 * Sends to rooms on one open-loop schedule. Several processes may play the same one together, each for the rooms that
 * it `speaksFor`. `space` is asked before each message: see `Room` of the pacer.
 */
export async function sendToRooms(
  request: SendRequest & { readonly rooms: RoomSending },
  speaksFor: (room: number) => boolean,
  meter: ResourceMeter,
  lateness: DurationHistogram,
  send: SendToRoom,
  space: (room: number) => Promise<void> | null = () => null,
): Promise<SendResult> {
  const { count } = steady(request.ratePerSecond, request.forMs);
  const turns = new RoomTurns(request.rooms, count);
  let next = 0;
  let own = 0;
  const sent = await sendOnSchedule(
    request,
    1,
    meter,
    lateness,
    (index, dueNs) => {
      const room = turns.roomOf(index);
      const number = turns.number(room);
      next = index + 1;
      if (!speaksFor(room)) return;
      own += 1;
      send(room, number, dueNs);
    },
    () => space(turns.roomOf(next)),
  );
  return { ...sent, messages: own, achievedRate: (sent.achievedRate * own) / count };
}
