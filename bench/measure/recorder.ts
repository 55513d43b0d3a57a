import { FloodDetector, floodOfMessages } from "../../transports/flood-detector.ts";
import type { ClientHandlers } from "../../transports/transport.ts";
import type { Histogram, Timeline } from "../results/schema.ts";
import { nowNs } from "./clock.ts";
import type { Messages } from "../payloads/message.ts";
import type { Absence } from "./absence.ts";
import { DurationHistogram } from "./histogram.ts";
import { TimelineRecorder } from "./timeline.ts";

export interface Recorded {
  readonly delivered: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  /** Of those delivered: sent before their client was back. */
  readonly replayed: number;
  readonly delivery: Histogram;
  readonly transit: Histogram;
  readonly timeline: Timeline;
  /** For each message of the phase, delivery to the last client that got it; null if none did. */
  readonly lastClientNs: readonly (number | null)[];
}

/** A gap of more messages than this is garbage, for which no memory is spent. */
const maxMissing = 1_000_000;

/** Nothing is waited for longer than this many times its time limit, however much keeps arriving. */
export const maxWaits = 30;

/** How long a message is waited for that others have overtaken. */
const overtakenMs = 500;

/** Records what reaches the clients of one process: counts, order and latency of the current phase. */
export class Recorder implements Disposable {
  /** Deliveries so far, across all phases. */
  arrived = 0;
  /** Clients that have lost their connection, and how the last of them did. */
  disconnected = 0;
  lastEnding: string | null = null;
  /** Connections that replaced one that the server had ended, and how many of them retried a request. */
  reconnected = 0;
  retried = 0;
  readonly #envelope: Messages;
  readonly #epochNs: number;
  readonly #delivery = new DurationHistogram(true);
  readonly #transit = new DurationHistogram(true);
  readonly #timeline = new TimelineRecorder();
  #firstSequence = 1;
  #startNs = 0;
  #delivered = 0;
  #duplicated = 0;
  #reordered = 0;
  #corrupted = 0;
  #replayed = 0;
  #lastClientNs: number[] = [];
  #target = Number.POSITIVE_INFINITY;
  #reached = (): void => {};

  /** Times in the envelopes count from `epochNs` on this kernel's monotonic clock. */
  constructor(envelope: Messages, epochNs: number) {
    this.#envelope = envelope;
    this.#epochNs = epochNs;
  }

  /** Deliveries of the phase. */
  get delivered(): number {
    return this.#delivered;
  }

  /** When the message that was recorded last was due. */
  get lastDueNs(): number {
    return this.#envelope.dueNs + this.#epochNs;
  }

  /** Takes messages for the phase's from this number on, where each channel has numbers of its own. */
  countFrom(firstSequence: number): void {
    this.#firstSequence = firstSequence;
  }

  /** When the message that was recorded last had been sent. */
  get lastSentNs(): number {
    return this.#envelope.sentNs + this.#epochNs;
  }

  /** Starts a phase at `startNs`, whose messages are numbered from `firstSequence` on each channel. */
  begin(firstSequence: number, startNs: number): void {
    this.#firstSequence = firstSequence;
    this.#startNs = startNs - this.#epochNs;
    this.#timeline.reset();
    this.#delivery.reset();
    this.#transit.reset();
    this.#delivered = 0;
    this.#duplicated = 0;
    this.#reordered = 0;
    this.#corrupted = 0;
    this.#replayed = 0;
    this.#lastClientNs = [];
  }

  /** The number of the message that arrived last. */
  get latestSequence(): number {
    return this.#envelope.sequence;
  }

  /** When the message that is being recorded was received: now. */
  receivedNs(): number {
    return nowNs();
  }

  /** Called for each message before anything else: everything here is on the hot path. */
  record(client: Subscriber, payload: Buffer | string): void {
    const receivedNs = this.receivedNs() - this.#epochNs;
    const envelope = this.#envelope;
    const isOurs = envelope.read(payload);
    if (!isOurs || (envelope.sequence > client.next && isTooFar(client, envelope.sequence))) {
      return this.refuse(client);
    }
    this.arrived += 1;
    const { sequence, dueNs } = envelope;
    if (sequence === client.next) client.next = sequence + 1;
    else if (!this.#outOfTurn(client, sequence)) return;
    const index = sequence - this.#firstSequence;
    // Of an earlier phase, which is over: it was counted as lost there.
    if (index < 0) return;
    const deliveryNs = receivedNs - dueNs;
    this.#delivery.record(deliveryNs);
    this.#transit.record(receivedNs - envelope.sentNs);
    this.#timeline.record(dueNs - this.#startNs, deliveryNs);
    this.#lastClientNs[index] = this.lastOf(this.#lastClientNs[index], deliveryNs);
    this.#delivered += 1;
    if (this.#delivered === this.#target) this.#reached();
  }

  /** Which of two deliveries of a message was the last: time runs forward, so that which is recorded later. */
  protected lastOf(_before: number | undefined, now: number): number {
    return now;
  }

  /** The same for a client that was away. Returns whether more may come that was sent meanwhile. */
  recordReturn(client: Subscriber, absence: Absence, payload: Buffer | string): boolean {
    const [delivered, duplicated] = [this.#delivered, this.#duplicated];
    this.record(client, payload);
    if (this.#duplicated > duplicated) absence.doubled += 1;
    if (this.#delivered === delivered) return true;
    const isReplay = absence.isReplay(this.receivedNs(), this.#envelope.sentNs + this.#epochNs);
    if (isReplay) this.#replayed += 1;
    return isReplay;
  }

  /** Records a token of an answer, in the place of a message: what it says of itself, only its reader knows. */
  recordToken(dueNs: number, lateNs: number): void {
    this.arrived += 1;
    this.#delivery.record(lateNs);
    this.#timeline.record(dueNs - this.#epochNs - this.#startNs, lateNs);
    this.#delivered += 1;
    if (this.#delivered === this.#target) this.#reached();
  }

  /** A token has come once more. */
  recordTokenAgain(): void {
    this.arrived += 1;
    this.#duplicated += 1;
  }

  /** Counts a payload that is no message of this trial: it has arrived, and so isn't waited for any more. */
  refuse(client: Subscriber): void {
    client.unwanted();
    this.#corrupted += 1;
    this.#target -= 1;
    if (this.#delivered === this.#target) this.#reached();
  }

  /** Counts a message other than the next one; false when it has been received before. */
  #outOfTurn(client: Subscriber, sequence: number): boolean {
    if (sequence > client.next) {
      for (let missing = client.next; missing < sequence; missing += 1) client.missing.add(missing);
      client.next = sequence + 1;
      return true;
    }
    if (client.missing.delete(sequence)) {
      this.#reordered += 1;
      return true;
    }
    client.unwanted();
    this.#duplicated += 1;
    return false;
  }

  /**
   * Resolves when this many deliveries of the phase have arrived, whole or not, or when none has arrived for
   * `timeoutMs`: what waits in a queue is late and not lost. Where all clients `haveLast`, only what was overtaken can
   * still come, and isn't waited for as long. It ends after `maxWaits` times `timeoutMs` at the latest.
   */
  async drained(
    deliveries: number,
    timeoutMs: number,
    haveLast: () => boolean = () => false,
  ): Promise<void> {
    if (this.#delivered + this.#corrupted >= deliveries) return;
    await new Promise<void>((resolve) => {
      const stepMs = Math.min(timeoutMs, overtakenMs);
      let arrived = this.arrived;
      let waitedMs = 0;
      let idleMs = 0;
      const look = (): void => {
        waitedMs += stepMs;
        idleMs = this.arrived === arrived ? idleMs + stepMs : 0;
        arrived = this.arrived;
        const isOver = idleMs >= timeoutMs || waitedMs >= maxWaits * timeoutMs;
        if (isOver || (idleMs > 0 && haveLast())) return resolve();
        timer = setTimeout(look, stepMs);
      };
      let timer = setTimeout(look, stepMs);
      this.#target = deliveries - this.#corrupted;
      this.#reached = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#target = Number.POSITIVE_INFINITY;
  }

  recorded(): Recorded {
    return {
      delivered: this.#delivered,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
      corrupted: this.#corrupted,
      replayed: this.#replayed,
      delivery: this.#delivery.encode(),
      transit: this.#transit.encode(),
      timeline: this.#timeline.recorded(),
      lastClientNs: Array.from(this.#lastClientNs, (ns) => ns ?? null),
    };
  }

  [Symbol.dispose](): void {
    this.#delivery[Symbol.dispose]();
    this.#transit[Symbol.dispose]();
  }
}

/** Whether a message's number is so far ahead that the messages before it can't all be missing. */
function isTooFar({ next, missing }: Subscriber, sequence: number): boolean {
  return sequence - next + missing.size > maxMissing;
}

/** What one client has received: which message must come next, and which are missing before it. */
export class Subscriber implements ClientHandlers {
  next: number;
  /** True once the harness itself ends the client. */
  ending = false;
  open = true;
  readonly #recorder: Recorder;
  readonly #end: (why: Error) => void;
  #missing: Set<number> | undefined;
  #flood: FloodDetector | undefined;

  /** `end` fails the connection of a client that nothing but garbage comes over. */
  constructor(recorder: Recorder, next: number, end: (why: Error) => void = () => {}) {
    this.#recorder = recorder;
    this.#end = end;
    this.next = next;
  }

  /** Hardly any client ever misses anything, so hardly any needs a set. */
  get missing(): Set<number> {
    return (this.#missing ??= new Set());
  }

  /** Whether it hasn't got this message. */
  misses(sequence: number): boolean {
    return sequence >= this.next || this.#missing?.has(sequence) === true;
  }

  message(payload: Buffer | string): void {
    this.#recorder.record(this, payload);
  }

  /** Called with each message that is garbage, or that had arrived before. */
  unwanted(): void {
    this.#flood ??= new FloodDetector();
    if (this.#flood.exceeds()) this.#end(floodOfMessages());
  }

  gap(_missed: number): void {
    // What is in the gap is never delivered, and so is counted as lost.
  }

  closed(reason: string): void {
    if (this.ending) return;
    if (!this.open) throw new Error("closed was called a second time");
    this.open = false;
    this.#recorder.disconnected += 1;
    this.#recorder.lastEnding = reason;
  }

  reconnected(retried: boolean): void {
    // A poll may fall due while its client is being disconnected.
    if (this.ending) return;
    this.#recorder.reconnected += 1;
    if (retried) this.#recorder.retried += 1;
  }
}
