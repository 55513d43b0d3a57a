import { GrowingBuffer } from "./growing-buffer.ts";
import { endlessEvent, maxEventBytes } from "./sse-parser.ts";

export interface EventTaker {
  hello(text: string): void;
  /** `number` is the event's own id; undefined where it has none. `data` has other bytes once this has returned. */
  deliver(number: number | undefined, data: Buffer): void;
  /** A comment, an event of another type, or an empty line without an event. */
  withoutMessage(): void;
}

const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const colon = 58;

const names = {
  data: Buffer.from("data"),
  id: Buffer.from("id"),
  event: Buffer.from("event"),
} as const;
const [d, i, e] = Buffer.from("die");

const byteOrderMark = Buffer.from("\uFEFF");
const lineEnd = Buffer.from("\n");

/** Where a line hasn't ended within so many bytes, its end is looked for by what is faster with long ones. */
const shortLineBytes = 16;

type Kind = "message" | "hello" | "other";

/**
 * Reads an event stream as the WHATWG HTML standard has it (section 9.2.6), in pieces of any size and without decoding
 * it. The data of an event that lies whole in a piece is handed over where it lies; there is memory only for what is
 * spread over several pieces or lines.
 */
export class LeanEventReader {
  readonly #taker: EventTaker;
  #isBegun = false;
  #afterReturn = false;
  /** A line that hasn't ended. */
  #line: GrowingBuffer | null = null;
  /** Bytes of the event's lines so far, but for comments. */
  #eventBytes = 0;
  #kind: Kind = "message";
  #number: number | undefined;
  /** The first line of data, where it lies in this piece; null where there is none. */
  #data: Buffer | null = null;
  #dataFrom = 0;
  #dataTo = 0;
  /** Data of several lines, or of which a line came in an earlier piece. */
  #kept: GrowingBuffer | null = null;

  constructor(taker: EventTaker) {
    this.#taker = taker;
  }

  /** Takes what has arrived; throws a `ProtocolError` once an event is longer than `maxEventBytes`. */
  read(piece: Buffer, from: number, to: number): void {
    let at = from;
    if (this.#afterReturn && at < to) {
      this.#afterReturn = false;
      if (piece[at] === lineFeed) at += 1;
    }
    /** Where the next carriage return is: nearly always behind all of it. */
    let nextReturn = -1;
    while (at < to) {
      let end = endOfShortLine(piece, at, to);
      if (end === -1) {
        if (nextReturn < at) nextReturn = placeOf(carriageReturn, piece, at, to);
        end = Math.min(nextReturn, placeOf(lineFeed, piece, at, to));
      }
      if (end === to) {
        this.#line ??= new GrowingBuffer(maxEventBytes);
        this.#line.add(piece, at, to);
        break;
      }
      if (this.#line === null) this.#takeLine(piece, at, end);
      else this.#takeBegun(this.#line, piece, at, end);
      at = end + 1;
      if (piece[end] === lineFeed) continue;
      if (at === to) this.#afterReturn = true;
      else if (piece[at] === lineFeed) at += 1;
    }
    if (this.#data !== null) this.#keep(this.#data);
    if (this.#eventBytes + (this.#line?.length ?? 0) > maxEventBytes) throw endlessEvent();
  }

  #takeBegun(line: GrowingBuffer, piece: Buffer, from: number, to: number): void {
    line.add(piece, from, to);
    this.#line = null;
    this.#takeLine(line.all(), 0, line.length);
  }

  #takeLine(piece: Buffer, start: number, to: number): void {
    let from = start;
    if (!this.#isBegun) {
      this.#isBegun = true;
      if (hasAt(piece, from, to, byteOrderMark)) from += byteOrderMark.length;
    }
    if (from === to) return this.#endEvent();
    const first = piece[from];
    if (first === colon) return this.#taker.withoutMessage();
    this.#eventBytes += to - from + 1;
    if (first === d) {
      const value = valueOf(names.data, piece, from, to);
      if (value >= 0) this.#takeData(piece, value, to);
    } else if (first === i) {
      const value = valueOf(names.id, piece, from, to);
      if (value >= 0) this.#takeId(piece, value, to);
    } else if (first === e) {
      const value = valueOf(names.event, piece, from, to);
      if (value >= 0) this.#kind = kindOf(piece.toString("latin1", value, to));
    }
  }

  #takeData(piece: Buffer, from: number, to: number): void {
    if (this.#data === null && this.#kept === null) {
      this.#data = piece;
      this.#dataFrom = from;
      this.#dataTo = to;
      return;
    }
    if (this.#data !== null) this.#keep(this.#data);
    this.#kept?.add(lineEnd);
    this.#kept?.add(piece, from, to);
  }

  /** Copies what would be something else with the next piece. */
  #keep(data: Buffer): void {
    this.#kept = new GrowingBuffer(maxEventBytes);
    this.#kept.add(data, this.#dataFrom, this.#dataTo);
    this.#data = null;
  }

  #takeId(piece: Buffer, from: number, to: number): void {
    let number = 0;
    for (let at = from; at < to; at += 1) {
      const digit = (piece[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) return this.#takeOddId(piece.toString("latin1", from, to));
      number = number * 10 + digit;
    }
    this.#number = from === to ? undefined : number;
  }

  /** An id with a null is none, by the standard. */
  #takeOddId(text: string): void {
    if (!text.includes("\0")) this.#number = Number(text);
  }

  #endEvent(): void {
    const data = this.#data?.subarray(this.#dataFrom, this.#dataTo) ?? this.#kept?.all();
    const [kind, number] = [this.#kind, this.#number];
    this.#data = null;
    this.#kept = null;
    this.#number = undefined;
    this.#kind = "message";
    this.#eventBytes = 0;
    if (data === undefined || kind === "other") this.#taker.withoutMessage();
    else if (kind === "hello") this.#taker.hello(data.toString());
    else this.#taker.deliver(number, data);
  }
}

/** Where the line ends that begins at `from`, or `to` where it doesn't; below zero where it is a longer one. */
function endOfShortLine(piece: Buffer, from: number, to: number): number {
  const near = Math.min(to, from + shortLineBytes);
  for (let at = from; at < near; at += 1) {
    const byte = piece[at];
    if (byte === lineFeed || byte === carriageReturn) return at;
  }
  return near === to ? to : -1;
}

/** Where the first such byte is; `to` where there is none. */
function placeOf(byte: number, piece: Buffer, from: number, to: number): number {
  const at = piece.indexOf(byte, from);
  return at === -1 || at > to ? to : at;
}

/** Where the value of a line's field begins; below zero where it isn't this field. */
function valueOf(name: Buffer, line: Buffer, from: number, to: number): number {
  if (!hasAt(line, from, to, name)) return -1;
  const end = from + name.length;
  if (end === to) return to;
  if (line[end] !== colon) return -1;
  return end + 1 < to && line[end + 1] === blank ? end + 2 : end + 1;
}

function hasAt(line: Buffer, from: number, to: number, bytes: Buffer): boolean {
  if (to - from < bytes.length) return false;
  for (let at = 0; at < bytes.length; at += 1) {
    if (line[from + at] !== bytes[at]) return false;
  }
  return true;
}

function kindOf(type: string): Kind {
  if (type === "" || type === "message") return "message";
  return type === "hello" ? "hello" : "other";
}
