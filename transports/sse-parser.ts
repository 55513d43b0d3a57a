import type { ReadableStream } from "node:stream/web";
import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import type { EventSourceMessage } from "eventsource-parser";
import type { ReaderLike } from "eventsource";
import { tooLong } from "./protocol-error.ts";
import type { ProtocolError } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";

const lineFeed = 10;
const carriageReturn = 13;
const colon = 58;
const emptyLine = Buffer.from("\n\n");
const byteOrderMark = 0xfeff;

/** The parser takes three characters of its first text for a byte order mark that isn't decoded. */
const firstText = "";

/** Bytes that an event may have beside its payload: an id, a type, the names of its fields. */
const fieldBytes = 1_024;

/** The longest event that is taken, in bytes of the stream. */
export const maxEventBytes: number = maxMessageBytes + fieldBytes;

/** An event without an end, or longer than `maxEventBytes`. */
export function endlessEvent(): ProtocolError {
  return tooLong("an event", maxMessageBytes);
}

/**
 * Reads an event stream as the WHATWG HTML standard has it (section 9.2.6), in pieces of any size: `feed`
 * returns false once an event is longer than `maxEventBytes`, after which nothing can be read any more.
 */
export class EventReader {
  readonly #bytes = new EventBytes();
  readonly #decoder = new StringDecoder("utf8");
  readonly #parser: ReturnType<typeof createParser>;
  #begun = false;

  constructor(onEvent: (event: EventSourceMessage) => void) {
    this.#parser = createParser({ onEvent });
    this.#parser.feed(firstText);
  }

  feed(chunk: Buffer): boolean {
    const bytes = this.#bytes.take(chunk);
    if (bytes === null) return false;
    const text = this.#decoder.write(bytes);
    this.#parser.feed(this.#begun ? text : this.#begin(text));
    return true;
  }

  /** A decoded stream may begin with a byte order mark, which is none of its text. */
  #begin(text: string): string {
    this.#begun = text !== "";
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  }
}

/**
 * Prepares an event stream's bytes for a parser: ends every line with a line feed alone, since parsers wait for the
 * byte after a carriage return, and refuses events longer than `maxEventBytes`.
 */
export class EventBytes {
  #afterReturn = false;
  /** Bytes of the current event: its lines without comments, and the line that isn't complete. */
  #eventBytes = 0;
  #lineBytes = 0;
  #isComment = false;

  /** The same with line feeds; null where an event has become too long. */
  take(chunk: Buffer): Buffer | null {
    const bytes = this.#withLineFeeds(chunk);
    this.#count(bytes);
    return this.#eventBytes + this.#lineBytes > maxEventBytes ? null : bytes;
  }

  #withLineFeeds(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const rest = this.#afterReturn && chunk[0] === lineFeed ? chunk.subarray(1) : chunk;
    this.#afterReturn = rest[rest.length - 1] === carriageReturn;
    if (rest.indexOf(carriageReturn) === -1) return rest;
    return Buffer.from(rest.toString("latin1").replaceAll(/\r\n?/g, "\n"), "latin1");
  }

  #count(bytes: Buffer): void {
    const { length } = bytes;
    // Nearly all pieces end with an event: a look at two bytes is enough.
    if (bytes[length - 1] === lineFeed && bytes[length - 2] === lineFeed) {
      this.#eventBytes = this.#lineBytes = 0;
      return;
    }
    const ended = bytes.lastIndexOf(emptyLine);
    let at = ended === -1 ? 0 : ended + emptyLine.length;
    if (ended !== -1) this.#eventBytes = this.#lineBytes = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(lineFeed, at);
      if (this.#lineBytes === 0) this.#isComment = bytes[at] === colon;
      this.#lineBytes += (end === -1 ? bytes.length : end) - at;
      if (end === -1) return;
      this.#endLine();
      at = end + 1;
    }
  }

  #endLine(): void {
    if (this.#lineBytes === 0) this.#eventBytes = 0;
    else if (!this.#isComment) this.#eventBytes += this.#lineBytes + 1;
    this.#lineBytes = 0;
  }
}

/** How many lines of a piece end an event or are a comment, if it begins with a line. */
export function blocksIn(piece: Buffer): number {
  let count = 0;
  let before = lineFeed;
  for (const byte of piece) {
    const begins = before === lineFeed || before === carriageReturn;
    const isEnd = byte === lineFeed || byte === carriageReturn;
    const endsLine = before === carriageReturn && byte === lineFeed;
    if (begins && !endsLine && (isEnd || byte === colon)) count += 1;
    before = byte;
  }
  return count;
}

/** A reader of a stream's bytes for the `eventsource` package; `received` is called with them first. */
export function readerOf(
  body: ReadableStream | null,
  received: (chunk: Buffer) => void,
  failing: (error: unknown) => never,
): ReaderLike {
  const bytes = new EventBytes();
  const reader = body?.getReader();
  let begun = false;
  return {
    async read() {
      if (!begun) {
        begun = true;
        return { done: false, value: Buffer.from(firstText) };
      }
      const { done, value } = (await reader?.read().catch(failing)) ?? { done: true };
      if (done || !(value instanceof Uint8Array)) return { done: true };
      const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      received(chunk);
      return { done, value: bytes.take(chunk) ?? failing(endlessEvent()) };
    },
    cancel: async () => reader?.cancel(),
  };
}
