/** How much of a channel's past a server keeps for clients that come back. */
export interface LogLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** What a client that asks for everything after some number gets. */
export interface Missed {
  /** The number before the first of `entries`; above the number asked for when there is a gap. */
  readonly cursor: number;
  readonly entries: readonly Buffer[];
}

/** In the place of an entry that is gone, so that its memory is. */
const dropped = Buffer.alloc(0);

/**
 * The last messages of one channel, numbered from 1 and already encoded for the wire.
 *
 * Bounded in messages and in bytes; the newest message is always kept, however large.
 */
export class MessageLog {
  readonly #limits: LogLimits;
  #entries: Buffer[] = [];
  /** Entries before this index have been dropped; they are cut off in bulk. */
  #start = 0;
  #bytes = 0;
  #newest = 0;

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  /** The number of the newest message, 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  append(entry: Buffer): void {
    this.#entries.push(entry);
    this.#newest += 1;
    this.#bytes += entry.length;
    while (this.#overfull()) {
      this.#bytes -= this.#entries[this.#start]?.length ?? 0;
      this.#entries[this.#start] = dropped;
      this.#start += 1;
    }
    // Cutting at each drop would move the whole array for every message.
    if (this.#start > 256 && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  after(number: number): Missed {
    const oldest = this.#newest - (this.#entries.length - this.#start);
    const cursor = Math.max(number, oldest);
    return { cursor, entries: this.#entries.slice(this.#start + cursor - oldest) };
  }

  #overfull(): boolean {
    const kept = this.#entries.length - this.#start;
    return kept > 1 && (kept > this.#limits.messages || this.#bytes > this.#limits.bytes);
  }
}
