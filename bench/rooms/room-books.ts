import type { RoomPlan } from "../../scenarios/scenario.ts";
import { histogramOf } from "../measure/histogram.ts";
import type { FateOnBus } from "../measure/losses.ts";
import type { Recorder } from "../measure/recorder.ts";
import type { Messages } from "../payloads/message.ts";
import type { Histogram } from "../results/schema.ts";
import { OutageBooks } from "./outage.ts";
import type { Outage, OutageFates } from "./outage.ts";
import { roomsOfMessages } from "./room-order.ts";
import type { RoomSending } from "./room-order.ts";
import { RoomLatencies } from "./room-latencies.ts";
import type { RoomLatency } from "./room-latencies.ts";
import { roomAt, roomOf, roomsIn } from "./room-plan.ts";
import type { Room } from "./room-plan.ts";
import { RoomSubscriber } from "./room-subscriber.ts";
import type { Joining, RoomRecording } from "./room-subscriber.ts";

/** What the director knows at the end of a phase. */
export interface RoomQuestion {
  /** How many messages each room has carried. */
  readonly carried: readonly number[];
  /** What was sent in the phase, in its order: at equal distances. Needs one clock. */
  readonly sent: readonly RoomSent[];
  /** Left out where no broker has failed. */
  readonly outage?: Outage;
}

export interface RoomSent extends RoomSending {
  readonly messages: number;
  readonly startNs: number;
  readonly untilNs: number;
}

/** What the clients of one process got in a phase. */
export interface RoomReport {
  /** Of each size of rooms. */
  readonly expected: readonly number[];
  /** Deliveries that were under way to a client when it left. */
  readonly inFlight: number;
  readonly latencies: readonly RoomLatency[];
  /** Clients that have joined a room; null where none have. */
  readonly joins: {
    readonly count: number;
    readonly untilSubscribed: Histogram;
    readonly untilReceiving: Histogram;
  } | null;
}

/** What was due longer before its client left than this, and hadn't come, was lost. */
const underWayNs = 2e9;

/** The books of the clients of one process that are in rooms. */
export class RoomBooks {
  readonly plan: RoomPlan;
  readonly #recording: RoomRecording & { before: readonly number[] };
  readonly #latencies: RoomLatencies;
  readonly #serverOf: (client: number) => number;
  readonly #present = new Set<RoomSubscriber>();
  /** Those that have left since the phase began. */
  #left: RoomSubscriber[] = [];
  /** Of the phase. */
  #joinings: Joining[] = [];

  /** `serverOf` tells which server a client is connected to. */
  constructor(
    plan: RoomPlan,
    recorder: Recorder,
    envelope: Messages,
    serverOf: (client: number) => number,
  ) {
    this.plan = plan;
    const before = Array.from({ length: roomsIn(plan) }, () => 0);
    this.#recording = { recorder, envelope, before };
    this.#latencies = new RoomLatencies(serverOf);
    this.#serverOf = serverOf;
  }

  /** A phase begins, before which each room had carried so many messages. */
  begin(carried: readonly number[]): void {
    this.#recording.before = carried;
    this.#latencies.begin();
    this.#left = [];
    this.#joinings = [];
  }

  /** A client that is to be connected: to the room that the plan has for it. */
  subscriber(client: number, end: (why: Error) => void): RoomSubscriber {
    return this.#subscriber(client, roomOf(this.plan, client), null, end);
  }

  /** The same for one that leaves its room now and joins another. */
  joiner(client: number, room: number, startNs: number, end: (why: Error) => void): RoomSubscriber {
    const joining: Joining = { startNs, subscribedNs: null, receivedNs: null };
    this.#joinings.push(joining);
    return this.#subscriber(client, roomAt(this.plan, room), joining, end);
  }

  /** It is subscribed; see `RoomSubscriber`. */
  joined(subscriber: RoomSubscriber, cursor: number): void {
    subscriber.joined(cursor);
    this.#present.add(subscriber);
  }

  leave(subscriber: RoomSubscriber): void {
    subscriber.left();
    if (this.#present.delete(subscriber)) this.#left.push(subscriber);
  }

  /** What became of the messages of the phase. */
  report(question: RoomQuestion): RoomReport {
    const expected = this.plan.rooms.map(() => 0);
    const expect = ({ size }: Room, messages: number): void => {
      expected[size] = (expected[size] ?? 0) + Math.max(0, messages);
    };
    for (const subscriber of this.#present) {
      const { room } = subscriber;
      expect(room, (question.carried[room.index] ?? 0) - this.#firstOf(subscriber) + 1);
    }
    let inFlight = 0;
    const due = this.#dueTimes(question);
    const dueBy = (room: number, byNs: number): number =>
      (this.#recording.before[room] ?? 0) + (due.get(room) ?? []).filter((ns) => ns <= byNs).length;
    for (const subscriber of this.#left) {
      const { room, next, leftNs } = subscriber;
      const lost = leftNs === null ? 0 : dueBy(room.index, leftNs - underWayNs);
      const last = Math.max(next - 1, lost);
      expect(room, last - this.#firstOf(subscriber) + 1);
      inFlight += leftNs === null ? 0 : Math.max(0, dueBy(room.index, leftNs) - last);
    }
    return { expected, inFlight, latencies: this.#latencies.recorded(), joins: this.#joins() };
  }

  /**
   * What became of deliveries around an outage; null without one. Of those that are there, who have been all the time
   * where a broker fails.
   */
  outageFates(question: RoomQuestion, fateOnBus: FateOnBus): OutageFates | null {
    if (question.outage === undefined) return null;
    const books = new OutageBooks(question.outage);
    const dueTimes = this.#dueTimes(question);
    for (const subscriber of this.#present) {
      const { room, server } = subscriber;
      const before = this.#recording.before[room.index] ?? 0;
      for (const [index, dueNs] of (dueTimes.get(room.index) ?? []).entries()) {
        const number = before + index + 1;
        if (number < subscriber.from) continue;
        if (subscriber.misses(number)) books.lost(dueNs, fateOnBus(server, room.channel, number));
        else books.received(dueNs);
      }
    }
    return books.fates;
  }

  /** The number of the first message of the phase that this client is to get. */
  #firstOf({ room, from }: RoomSubscriber): number {
    return Math.max(from, (this.#recording.before[room.index] ?? 0) + 1);
  }

  #subscriber(
    client: number,
    room: Room,
    joining: Joining | null,
    end: (why: Error) => void,
  ): RoomSubscriber {
    const latency = this.#latencies.of(client, room);
    const server = this.#serverOf(client);
    return new RoomSubscriber(this.#recording, latency, room, server, joining, end);
  }

  #joins(): RoomReport["joins"] {
    if (this.#joinings.length === 0) return null;
    const until = (end: "subscribedNs" | "receivedNs"): Histogram =>
      histogramOf(
        this.#joinings.flatMap((joining) => {
          const endNs = joining[end];
          return endNs === null ? [] : [endNs - joining.startNs];
        }),
      );
    return {
      count: this.#joinings.length,
      untilSubscribed: until("subscribedNs"),
      untilReceiving: until("receivedNs"),
    };
  }

  /** When the messages of each room were due in the phase, where that matters. */
  #dueTimes({ sent, outage }: RoomQuestion): ReadonlyMap<number, readonly number[]> {
    const dueNs = new Map<number, number[]>();
    if (this.#left.length === 0 && outage === undefined) return dueNs;
    for (const { plan, seed, messages, startNs, untilNs } of sent) {
      const distanceNs = (untilNs - startNs) / messages;
      for (const [index, room] of roomsOfMessages(plan, messages, seed).entries()) {
        const due = dueNs.get(room) ?? [];
        due.push(startNs + index * distanceNs);
        dueNs.set(room, due);
      }
    }
    return dueNs;
  }
}
