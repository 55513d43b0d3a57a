import { mtuBytes } from "../settings/network-profile.ts";

/** Packets are only numbers here: the places in which they lie. This one is no packet. */
export const none = -1;

/** Room for a number of packets, taken once: none is allocated while packets flow. */
export class PacketPool {
  readonly bytes: readonly Uint8Array[];
  readonly lengths: Uint16Array;
  /** When each is due, on its link's clock. */
  readonly dueNs: Float64Array;
  /** When each came in. */
  readonly arrivedNs: Float64Array;
  /** The how-manieth of its direction each is. */
  readonly numbers: Float64Array;
  /** The packet behind each: in its lane, or among the free places. */
  readonly next: Int32Array;
  #free = 0;

  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * mtuBytes);
    this.bytes = Array.from(
      { length: capacity },
      (_, place) => new Uint8Array(memory, place * mtuBytes, mtuBytes),
    );
    this.lengths = new Uint16Array(capacity);
    this.dueNs = new Float64Array(capacity);
    this.arrivedNs = new Float64Array(capacity);
    this.numbers = new Float64Array(capacity);
    this.next = Int32Array.from({ length: capacity }, (_, place) => place + 1);
    this.next[capacity - 1] = none;
  }

  /** A free place; `none` where there is none. */
  take(): number {
    const place = this.#free;
    this.#free = this.next[place] ?? none;
    return place;
  }

  give(place: number): void {
    if (place === none) return;
    this.next[place] = this.#free;
    this.#free = place;
  }
}

/** Packets one behind the other, each due no earlier than the one before. */
export class Lane {
  readonly #pool: PacketPool;
  #first = none;
  #last = none;
  #lastDueNs = Number.NEGATIVE_INFINITY;

  constructor(pool: PacketPool) {
    this.#pool = pool;
  }

  /** When the first is due; infinite without one. */
  get dueNs(): number {
    return this.#pool.dueNs[this.#first] ?? Number.POSITIVE_INFINITY;
  }

  /** Returns when it is due: as asked, or with the one before if that is later. */
  push(place: number, dueNs: number): number {
    this.#lastDueNs = Math.max(this.#lastDueNs, dueNs);
    this.#pool.dueNs[place] = this.#lastDueNs;
    this.#pool.next[place] = none;
    if (this.#first === none) this.#first = place;
    else this.#pool.next[this.#last] = place;
    this.#last = place;
    return this.#lastDueNs;
  }

  shift(): number {
    const place = this.#first;
    this.#first = this.#pool.next[place] ?? none;
    return place;
  }
}
