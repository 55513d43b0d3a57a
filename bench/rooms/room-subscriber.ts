import { nowNs } from "../measure/clock.ts";
import { Subscriber } from "../measure/recorder.ts";
import type { Recorder } from "../measure/recorder.ts";
import type { DurationHistogram } from "../measure/histogram.ts";
import type { Messages } from "../payloads/message.ts";
import type { Room } from "./room-plan.ts";

/** What the clients of one process in rooms share. */
export interface RoomRecording {
  readonly recorder: Recorder;
  readonly envelope: Messages;
  /** How many messages each room had carried before the phase. */
  readonly before: readonly number[];
}

/** When a client that changes its room leaves and joins. In nanoseconds on the clock that all share. */
export interface Joining {
  readonly startNs: number;
  subscribedNs: number | null;
  receivedNs: number | null;
}

/** A client from when it joins a room until it leaves. Apart from all others, which have one channel all the time. */
export class RoomSubscriber extends Subscriber {
  readonly room: Room;
  /** Its server, counted from 0. */
  readonly server: number;
  /** Null for those that are there at first. */
  readonly joining: Joining | null;
  leftNs: number | null = null;
  /** The number of the first message that it is to get; null until that is known. */
  #from: number | null = null;
  #received = 0;
  readonly #recording: RoomRecording;
  readonly #latency: DurationHistogram;

  /** `latency` is where its deliveries are recorded, besides with all others. */
  constructor(
    recording: RoomRecording,
    latency: DurationHistogram,
    room: Room,
    server: number,
    joining: Joining | null,
    end: (why: Error) => void,
  ) {
    super(recording.recorder, 0, end);
    this.#recording = recording;
    this.#latency = latency;
    this.room = room;
    this.server = server;
    this.joining = joining;
  }

  get from(): number {
    return this.#from ?? this.next;
  }

  override misses(sequence: number): boolean {
    return sequence >= this.from && super.misses(sequence);
  }

  /**
   * It is subscribed, and has got the message of this number or comes after that: the numbers of a room's log are those of
   * its messages, as long as none is lost before a server has it.
   */
  joined(cursor: number): void {
    const first = cursor - this.#received + 1;
    if (this.#from === null) this.next = first;
    this.#from = Math.min(this.#from ?? first, first);
    if (this.joining !== null) this.joining.subscribedNs = nowNs();
  }

  /** What still comes to it isn't its any more. */
  left(): void {
    this.ending = true;
    this.leftNs ??= nowNs();
  }

  override message(payload: Buffer | string): void {
    if (this.leftNs !== null) return;
    const { recorder, before } = this.#recording;
    if (this.#from === null) this.#beginWith(payload);
    this.#received += 1;
    recorder.countFrom((before[this.room.index] ?? 0) + 1);
    const { delivered } = recorder;
    super.message(payload);
    if (recorder.delivered === delivered) return;
    const receivedNs = recorder.receivedNs();
    this.#latency.record(receivedNs - recorder.lastDueNs);
    if (this.joining !== null) this.joining.receivedNs ??= receivedNs;
  }

  /** A message may come before the word that it is subscribed. */
  #beginWith(payload: Buffer | string): void {
    const { envelope } = this.#recording;
    if (!envelope.read(payload)) return;
    this.#from = envelope.sequence;
    this.next = envelope.sequence;
  }
}
