import { Envelope, headBytes } from "./envelope.ts";
import { sum } from "../statistics/basics.ts";
import { blankHead, bodyIndex, headField } from "./message.ts";
import type { Bodies, Body, Messages } from "./message.ts";
import type { Codec } from "./encodings.ts";

/** The bytes of one message, to compare those that arrive with: all but the head have to be the same. */
interface Expected {
  readonly bytes: Buffer;
  /** Where the head stands. */
  readonly at: number;
  /** The same as text, for clients whose library has decoded it. */
  readonly before: string;
  readonly after: string;
}

/**
 * Messages that are made and read as an application does it: an object is encoded for each that is published, and
 * decoded for each that is delivered.
 */
export class EncodedMessages implements Messages {
  readonly payloadBytes: number;
  readonly areOfOneSize: boolean;
  readonly escapes: number;
  readonly binary: boolean;
  readonly #head = new Envelope(headBytes, 0);
  readonly #bodies: Bodies["bodies"];
  readonly #codec: Codec;
  readonly #asBase64: boolean;
  readonly #expected: readonly Expected[];

  constructor(bodies: Bodies["bodies"], codec: Codec, asBase64: boolean) {
    this.#bodies = bodies;
    this.#codec = codec;
    this.#asBase64 = asBase64;
    this.#expected = bodies.map((body) =>
      expectedOf(codec.encode(withHead(body, blankHead)), codec.encode(withHead(body, otherHead))),
    );
    this.binary = codec.binary && !asBase64;
    const sizes = this.#expected.map(({ bytes: { length } }) =>
      asBase64 ? base64Bytes(length) : length,
    );
    const escapes = this.#expected.map(({ bytes }) =>
      codec.binary || asBase64 ? 0 : escapesIn(bytes.toString()),
    );
    this.payloadBytes = Math.round(sum(sizes) / sizes.length);
    this.escapes = escapes[0] ?? 0;
    this.areOfOneSize = areAlike(sizes) && areAlike(escapes);
  }

  get sequence(): number {
    return this.#head.sequence;
  }

  get dueNs(): number {
    return this.#head.dueNs;
  }

  get sentNs(): number {
    return this.#head.sentNs;
  }

  write(sequence: number, dueNs: number, sentNs: number): Buffer {
    const head = this.#head.write(sequence, dueNs, sentNs).toString("latin1");
    const body = this.#bodies[bodyIndex(sequence, this.#bodies.length)] ?? this.#bodies[0];
    const bytes = this.#codec.encode(withHead(body, head));
    return this.#asBase64 ? Buffer.from(bytes.toString("base64"), "latin1") : bytes;
  }

  read(payload: Buffer | string): boolean {
    const carried = this.#asBase64 ? fromBase64(payload) : payload;
    if (carried === null) return false;
    try {
      const head = headOf(this.#codec.decode(carried));
      return head !== null && this.#head.read(head) && this.#isWhole(carried);
    } catch {
      // Decoders throw on what is no message of theirs.
      return false;
    }
  }

  /** Whether all but the head is as it was sent. */
  #isWhole(carried: Buffer | string): boolean {
    const expected = this.#expected[bodyIndex(this.sequence, this.#expected.length)];
    if (expected === undefined) return false;
    const { bytes, at, before, after } = expected;
    if (typeof carried === "string") {
      return (
        carried.length === before.length + headBytes + after.length &&
        carried.startsWith(before) &&
        carried.endsWith(after)
      );
    }
    const { length } = bytes;
    const end = at + headBytes;
    return (
      carried.length === length &&
      carried.compare(bytes, 0, at, 0, at) === 0 &&
      carried.compare(bytes, end, length, end, length) === 0
    );
  }
}

const otherHead = "1".repeat(headBytes);

/** An object keeps its fields and their order: only the head changes. */
function withHead(body: Body, head: string): Body {
  if (typeof body === "string") return head + body;
  body.bench = head;
  return body;
}

function headOf(message: unknown): string | null {
  if (typeof message === "string") return message.slice(0, headBytes);
  if (typeof message !== "object" || message === null) return null;
  const head: unknown = Reflect.get(message, headField);
  return typeof head === "string" ? head : null;
}

/** The head stands where two messages differ that have nothing else of their own: texts like it may stand before it. */
function expectedOf(bytes: Buffer, other: Buffer): Expected {
  const at = bytes.findIndex((byte, index) => byte !== other[index]);
  const before = bytes.toString("utf8", 0, at);
  return { bytes, at, before, after: bytes.toString("utf8", at + headBytes) };
}

/** Null for what Node's decoder would pass over: it reads on behind what is no base64, and ends at padding. */
function fromBase64(payload: Buffer | string): Buffer | null {
  const bytes = Buffer.from(payload.toString("latin1"), "base64");
  return base64Bytes(bytes.length) === payload.length ? bytes : null;
}

function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

function areAlike(numbers: readonly number[]): boolean {
  return numbers.every((number) => number === numbers[0]);
}

/** Bytes that a text takes in a string of JSON beyond its own. */
function escapesIn(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - '""'.length - Buffer.byteLength(text);
}
