import { mersenne } from "pure-rand/generator/mersenne";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { HeldJitter } from "../network/held-jitter.ts";
import { LinkClock } from "../network/link-clock.ts";
import { Bottleneck } from "./bottleneck.ts";
import { LossProcess } from "./loss-process.ts";
import { Lane, none } from "./packet-pool.ts";
import type { PacketPool } from "./packet-pool.ts";
import type { DirectionProfile } from "../settings/network-profile.ts";

/** What a direction has done so far; bytes are those of whole IP packets. */
export interface DirectionBooks {
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  /** Lost at random or in a burst. */
  readonly lost: number;
  /** Dropped since the queue was full. */
  readonly overflowed: number;
  /** Came out after one that had come in later (RFC 4737, section 3.3). */
  readonly reordered: number;
  readonly longestQueueBytes: number;
  /** What packets took that came out, all together and at most: with the wait in the queue and for sending. */
  readonly delayMs: number;
  readonly longestDelayMs: number;
  /** How much later than due packets left, all together and at most: what the network adds unasked. */
  readonly lateMs: number;
  readonly longestLateMs: number;
}

/** One direction of a network: decides what becomes of each packet, and when. Times are in nanoseconds. */
export class Direction {
  readonly #pool: PacketPool;
  #draws: RandomGenerator;
  readonly #clock: LinkClock;
  readonly #inOrder: Lane;
  /** Packets that are held back longer than those behind them. */
  readonly #heldBack: Lane;
  readonly #books = {
    packetsIn: 0,
    bytesIn: 0,
    packetsOut: 0,
    bytesOut: 0,
    lost: 0,
    overflowed: 0,
    reordered: 0,
    longestQueueBytes: 0,
    delayNs: 0,
    longestDelayNs: 0,
    lateNs: 0,
    longestLateNs: 0,
  };
  #profile: DirectionProfile;
  #loss: LossProcess;
  #bottleneck: Bottleneck;
  #lastOut = 0;
  readonly #jitter = new HeldJitter();

  constructor(pool: PacketPool, profile: DirectionProfile, seed: number, nowNs: number) {
    this.#pool = pool;
    this.#draws = mersenne(seed);
    this.#clock = new LinkClock(nowNs);
    this.#inOrder = new Lane(pool);
    this.#heldBack = new Lane(pool);
    this.#profile = profile;
    this.#loss = new LossProcess(profile.loss);
    this.#bottleneck = new Bottleneck(profile.bitsPerSecond, profile.queueBytes);
    this.#clock.schedule(profile.outages, nowNs);
  }

  /** Holds for packets that arrive from now on; those on their way keep what they got. */
  set(profile: DirectionProfile, nowNs: number): void {
    this.#profile = profile;
    this.#jitter.release();
    this.#loss = new LossProcess(profile.loss);
    this.#bottleneck = new Bottleneck(profile.bitsPerSecond, profile.queueBytes, this.#bottleneck);
    this.#clock.schedule(profile.outages, nowNs);
  }

  /** The next packet is the first again by its draws, a period of outages begins, and nothing has been the longest yet. */
  begin(seed: number, nowNs: number): void {
    this.#draws = mersenne(seed);
    this.#jitter.release();
    this.#loss = new LossProcess(this.#profile.loss);
    this.#clock.schedule(this.#profile.outages, nowNs);
    Object.assign(this.#books, { longestQueueBytes: 0, longestDelayNs: 0, longestLateNs: 0 });
  }

  stall(isStalled: boolean, nowNs: number): void {
    this.#clock.stall(isStalled, nowNs);
  }

  books(): DirectionBooks {
    const { delayNs, longestDelayNs, lateNs, longestLateNs, longestQueueBytes, ...counts } =
      this.#books;
    return {
      ...counts,
      longestQueueBytes: Math.ceil(longestQueueBytes),
      delayMs: delayNs / 1e6,
      longestDelayMs: longestDelayNs / 1e6,
      lateMs: lateNs / 1e6,
      longestLateMs: longestLateNs / 1e6,
    };
  }

  /** A packet has come in; returns whether it is kept. One whose `place` is `none` finds no room. */
  arrive(place: number, bytes: number, nowNs: number): boolean {
    const books = this.#books;
    books.packetsIn += 1;
    books.bytesIn += bytes;
    // Each packet has the same draws under every profile: the same number of them for each.
    const lossDraw = this.#draw();
    const moveDraw = this.#draw();
    const delayDraw = this.#draw();
    const orderDraw = this.#draw();
    if (this.#loss.loses(lossDraw, moveDraw)) {
      books.lost += 1;
      return false;
    }
    const linkNs = this.#clock.at(nowNs);
    const sentNs = place === none ? null : this.#bottleneck.admit(bytes, linkNs);
    if (sentNs === null) {
      books.overflowed += 1;
      return false;
    }
    const queued = this.#bottleneck.queuedBytes(linkNs);
    if (queued > books.longestQueueBytes) books.longestQueueBytes = queued;
    this.#pool.lengths[place] = bytes;
    this.#pool.arrivedNs[place] = nowNs;
    this.#pool.numbers[place] = books.packetsIn;
    const delayNs =
      this.#profile.delayMs * 1e6 + this.#jitter.addedNs(delayDraw, nowNs, this.#profile);
    this.#delay(place, sentNs + delayNs, orderDraw < this.#profile.reorder);
    return true;
  }

  #delay(place: number, dueNs: number, isHeldBack: boolean): void {
    if (isHeldBack) this.#heldBack.push(place, dueNs + this.#profile.reorderByMs * 1e6);
    else this.#inOrder.push(place, dueNs);
  }

  #draw(): number {
    return (this.#draws.next() >>> 0) / 2 ** 32;
  }

  /** When the next packet is to leave; infinite without one. */
  nextNs(): number {
    const dueNs = Math.min(this.#inOrder.dueNs, this.#heldBack.dueNs);
    return dueNs === Number.POSITIVE_INFINITY ? dueNs : this.#clock.whenNs(dueNs);
  }

  /** The next packet that has to leave by now, or `none`; whoever takes it gives its place back. */
  take(nowNs: number): number {
    const dueNs = this.nextNs();
    if (dueNs > nowNs) return none;
    const lane = this.#heldBack.dueNs < this.#inOrder.dueNs ? this.#heldBack : this.#inOrder;
    const place = lane.shift();
    const books = this.#books;
    const delayNs = nowNs - (this.#pool.arrivedNs[place] ?? nowNs);
    books.delayNs += delayNs;
    books.longestDelayNs = Math.max(books.longestDelayNs, delayNs);
    books.lateNs += nowNs - dueNs;
    books.longestLateNs = Math.max(books.longestLateNs, nowNs - dueNs);
    books.packetsOut += 1;
    books.bytesOut += this.#pool.lengths[place] ?? 0;
    const number = this.#pool.numbers[place] ?? 0;
    if (number < this.#lastOut) books.reordered += 1;
    else this.#lastOut = number;
    return place;
  }
}
