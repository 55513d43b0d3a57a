/** How much of a channel's past a server keeps for clients that come back. */
export interface LogLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** The messages that a client missed: those after the number that it asks for. */
export interface Missed {
  /** The number before the first of `entries`; above the number asked for when there is a gap. */
  readonly cursor: number;
  readonly entries: readonly Buffer[];
}

/** About what Node takes for each buffer besides its bytes. */
const entryBytes = 100;

/**
 * The entry in memory of its own. Node cuts small buffers out of shared blocks of 8 KiB, and what is kept of a block
 * keeps all of it: in a server that does other things between two messages, that would be a block for each of them.
 */
function onItsOwn(entry: Buffer): Buffer {
  if (entry.buffer.byteLength === entry.byteLength) return entry;
  const own = Buffer.allocUnsafeSlow(entry.byteLength);
  own.set(entry);
  return own;
}

/** Replaces an entry that is dropped, to free its memory. */
const dropped = Buffer.alloc(0);

/**
 * The last messages of one channel, numbered from 1 and already encoded for the wire.
 *
 * Bounded in messages and in bytes; the newest message is always kept, however large, unless it is cut.
 */
export class MessageLog {
  readonly #limits: LogLimits;
  readonly #first: number;
  #entries: Buffer[] = [];
  /** Entries before this index have been dropped; they are cut off in bulk. */
  #start = 0;
  #bytes = 0;
  #end = 0;
  #newest: number;

  /** The first message will have the number after `first`. */
  constructor(limits: LogLimits, first: number = 0) {
    this.#limits = limits;
    this.#first = first;
    this.#newest = first;
  }

  /** The number of the newest message; before the first, the one that it comes after. */
  get newest(): number {
    return this.#newest;
  }

  /** The number of the oldest message that is left; the next one's when there is none. */
  get oldest(): number {
    return this.#newest - this.#kept + 1;
  }

  /** The bytes of all messages that were ever appended. */
  get end(): number {
    return this.#end;
  }

  /** The same up to the oldest message that is left. */
  get start(): number {
    return this.#end - this.#bytes;
  }

  /** The same up to the message of this number, of those that are left. */
  endOf(number: number): number {
    let end = this.#end;
    for (let later = this.#newest; later > number; later -= 1) {
      end -= this.entry(later)?.length ?? 0;
    }
    return end;
  }

  /** Whether nothing was ever appended. */
  get isUntouched(): boolean {
    return this.#newest === this.#first;
  }

  /** The memory that its messages take, in bytes, with what Node needs for each. */
  get weight(): number {
    return this.#bytes + this.#kept * entryBytes;
  }

  get #kept(): number {
    return this.#entries.length - this.#start;
  }

  append(entry: Buffer): void {
    this.#entries.push(onItsOwn(entry));
    this.#newest += 1;
    this.#bytes += entry.length;
    this.#end += entry.length;
    while (this.#overfull()) this.#dropOldest();
    // Cutting the array at each drop would copy all of it for every message.
    if (this.#start > 256 && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Drops the oldest messages, up to all, until the others weigh no more than that. */
  cut(weight: number): void {
    while (this.weight > weight && this.#kept > 0) this.#dropOldest();
  }

  /** The message of a number, unless it was dropped or is still to come. */
  entry(number: number): Buffer | undefined {
    return number < this.oldest ? undefined : this.#entries[this.#start + number - this.oldest];
  }

  /** Where a client can go on that has the message of this number: there, or after a gap. */
  resume(number: number): number {
    return Math.max(number, this.oldest - 1);
  }

  after(number: number): Missed {
    const cursor = this.resume(number);
    return { cursor, entries: this.#entries.slice(this.#start + cursor - this.oldest + 1) };
  }

  #dropOldest(): void {
    this.#bytes -= this.#entries[this.#start]?.length ?? 0;
    this.#entries[this.#start] = dropped;
    this.#start += 1;
  }

  #overfull(): boolean {
    const kept = this.#kept;
    return kept > 1 && (kept > this.#limits.messages || this.#bytes > this.#limits.bytes);
  }
}
