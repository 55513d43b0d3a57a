import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { alertBytes, recordBytes } from "../layers/tls.ts";
import { HeadCounter } from "../../transports/head-counter.ts";
import { addBytes, noBytes, subtractBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";

/** One for all connections: most never have another. */
const none: readonly never[] = [];

/** How many of the bytes of one accepted stream have been attributed to a part. */
export class StreamAccount {
  readonly #stream: Socket;
  /** What the stream runs on; the same without TLS. */
  readonly #raw: Socket;
  #handshake: WireBytes;
  #down = 0;
  #up = 0;
  /** How many of them TLS has added. */
  #records = noBytes;
  #heads: HeadCounter | undefined;
  /** Streams on which deliveries may wait that are attributed already. */
  #delivering: readonly Duplex[] = none;
  /** See `gather`. */
  #gathered: readonly Sharer[] = none;
  /** How much had come up when the last of them was asked for, and how much of it was TLS's. */
  #gatheredUp = 0;
  #gatheredRecordsUp = 0;

  constructor(stream: Socket, raw: Socket, handshake: WireBytes) {
    this.#stream = stream;
    this.#raw = raw;
    this.#handshake = handshake;
  }

  /** The bytes that TLS has added so far to what crossed the stream. */
  get records(): WireBytes {
    if (this.#stream === this.#raw) return noBytes;
    return subtractBytes(this.#crossed(), crossed(this.#stream));
  }

  /**
   * The bytes of the alerts that have ended the connection, one from each side at most, which are of no other part
   * (RFC 8446, 6.1): they are the only records that hold something of TLS itself. None is seen where a record was cut.
   */
  closingAlerts(): WireBytes {
    const { down, up } = this.records;
    const alerts = { down: alertIn(down), up: alertIn(up) };
    this.#handshake = addBytes(this.#handshake, alerts);
    return alerts;
  }

  /** Attributes that much of what the stream carries. Returns what TLS adds: it is taken for a record of its own. */
  attribute(down: number, up: number): WireBytes {
    return this.#attribute(down, up, { down: recordFor(down), up: recordFor(up) });
  }

  #attribute(down: number, up: number, records: WireBytes): WireBytes {
    this.#down += down;
    this.#up += up;
    if (this.#stream === this.#raw) return noBytes;
    this.#down += records.down;
    this.#up += records.up;
    this.#records = addBytes(this.#records, records);
    return records;
  }

  /**
   * Attributes that much of what is about to be written on a stream that shares the connection. What TLS adds to it is
   * taken for that of all which is delivered in one turn.
   */
  deliver(stream: Duplex, down: number): void {
    this.#heads ??= new HeadCounter(recordBytes, maxRecordBytes);
    this.#attribute(down, 0, {
      down: this.#heads.add(down, stream.writableLength > 0),
      up: 0,
    });
    if (this.#delivering.includes(stream)) return;
    this.#delivering = [...this.#delivering, stream];
    stream.once("close", () => {
      this.#delivering = this.#delivering.filter((other) => other !== stream);
    });
  }

  /** Attributes all others that have crossed so far; returns how many those are, and how many of them TLS added. */
  attributeRest(): Rest {
    if (this.#stream === this.#raw) {
      const { bytesWritten, bytesRead } = this.#raw;
      const bytes = { down: bytesWritten - this.#down, up: bytesRead - this.#up };
      this.#down = bytesWritten;
      this.#up = bytesRead;
      return { bytes, records: noBytes };
    }
    const attributed = { down: this.#down, up: this.#up };
    const { down, up } = subtractBytes(this.#crossed(), attributed);
    const carried = subtractBytes(crossed(this.#stream), subtractBytes(attributed, this.#records));
    // What waits to be written hasn't been encrypted yet.
    const bytes = { down: Math.max(down, inFullRecords(carried.down)), up };
    const records = subtractBytes(bytes, carried);
    this.#down += bytes.down;
    this.#up += bytes.up;
    this.#records = addBytes(this.#records, records);
    return { bytes, records };
  }

  /**
   * The same for a connection whose frames are written some turns of the event loop later, or as far as the client of
   * `stream` reads. What others have asked for until then is divided: its content is each one's own, and heads are taken
   * for alike.
   */
  gather(stream: Duplex, content: WireBytes, book: (rest: Rest) => void): void {
    this.#gathered = [...this.#gathered, { stream, content, book }];
    this.#gatheredUp = this.#crossed().up;
    this.#gatheredRecordsUp = this.records.up;
    if (this.#gathered.length === 1) afterTurns(turnsUntilWritten, () => this.#divide());
  }

  #divide(): void {
    const sharers = this.#gathered;
    const late = sharers.find(({ stream }) => this.#isUnderWay(stream));
    if (late !== undefined) return onceWritten(late.stream, () => this.#divide());
    this.#gathered = none;
    const { bytes, records } = this.#attributeGathered();
    const heads = subtractBytes(bytes, sumBytes(sharers.map(({ content }) => content)));
    for (const [index, { content, book }] of sharers.entries()) {
      const share = (whole: number): number =>
        Math.floor((whole * (index + 1)) / sharers.length) -
        Math.floor((whole * index) / sharers.length);
      const shareOf = ({ down, up }: WireBytes): WireBytes => ({
        down: share(down),
        up: share(up),
      });
      book({ bytes: addBytes(content, shareOf(heads)), records: shareOf(records) });
    }
  }

  /** Whether an answer is still to be written: one that began before it. Streams of deliveries have accounts of theirs. */
  #isUnderWay(stream: Duplex): boolean {
    return stream.writableLength > 0 && !stream.destroyed && !this.#delivering.includes(stream);
  }

  /** All that has gone down, and what had come up when it was last asked for. */
  #attributeGathered(): Rest {
    let downToCome = 0;
    for (const { writableLength } of this.#delivering) downToCome += writableLength;
    const down = this.#crossed().down + downToCome;
    const bytes = { down: down - this.#down, up: this.#gatheredUp - this.#up };
    this.#down = down;
    this.#up = this.#gatheredUp;
    if (this.#stream === this.#raw) return { bytes, records: noBytes };
    const records = { down: this.records.down, up: this.#gatheredRecordsUp };
    const added = subtractBytes(records, this.#records);
    this.#records = records;
    return { bytes, records: added };
  }

  #crossed(): WireBytes {
    return subtractBytes(crossed(this.#raw), this.#handshake);
  }
}

/** Who has asked for the rest of a connection, with how much of it is known to be theirs. */
interface Sharer {
  readonly stream: Duplex;
  readonly content: WireBytes;
  readonly book: (rest: Rest) => void;
}

/** What nobody has had attributed before. */
export interface Rest {
  readonly bytes: WireBytes;
  /** How many of them TLS added. */
  readonly records: WireBytes;
}

/** An answer's head, its body and its end are written one after the other, each when the one before has been. */
export const turnsUntilWritten = 4;

export function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns === 1 ? then() : afterTurns(turns - 1, then)));
}

/** Calls `then` when more of what waits on a stream has been written, or it is closed. */
function onceWritten(stream: Duplex, then: () => void): void {
  const events = ["drain", "finish", "close"];
  const written = (): void => {
    for (const event of events) stream.off(event, written);
    afterTurns(1, then);
  };
  for (const event of events) stream.on(event, written);
}

/** What TLS adds to one write; taken back with it. */
function recordFor(bytes: number): number {
  return Math.sign(bytes) * recordBytes;
}

/** How much a record holds at most: RFC 8446, 5.1. */
const maxRecordBytes = 16_384;

/** The fewest bytes that carry so many. */
export function inFullRecords(bytes: number): number {
  return bytes + Math.ceil(bytes / maxRecordBytes) * recordBytes;
}

/** The bytes of an alert in what TLS has added: all other records add no more than their heads and tags. */
function alertIn(records: number): number {
  return records % recordBytes === alertBytes % recordBytes ? alertBytes : 0;
}

export function crossed(socket: Socket): WireBytes {
  return { down: socket.bytesWritten, up: socket.bytesRead };
}
