import { maxHeadBytes, notHttp, tooLongHead } from "./answer-head.ts";
import type { AnswerHead } from "./answer-head.ts";

/** Reads what stands in `chunk` from `from` on, up to `to`. */
export type ReadPart = (chunk: Buffer, from: number, to: number) => void;

const lineFeed = 10;
const carriageReturn = 13;
const semicolon = 59;

/** What comes next of a body. */
const next = {
  size: 0,
  extension: 1,
  sizeEnd: 2,
  data: 3,
  dataReturn: 4,
  dataEnd: 5,
  trailer: 6,
  /** Without chunks. */
  plain: 7,
  nothing: 8,
} as const;

/** Finds in chunks of any size what the body of an answer holds, without copying it: RFC 9112, sections 6 and 7. */
export class AnswerBody {
  readonly #part: ReadPart;
  #next: (typeof next)[keyof typeof next];
  /** How much is to come of a chunk of the body, or of all of it. */
  #left = 0;
  /** Digits of a size, or bytes of an extension or a trailer. */
  #textBytes = 0;
  #lineBytes = 0;

  constructor({ header }: AnswerHead, part: ReadPart) {
    this.#part = part;
    const length = header("content-length");
    const isChunked = /chunked$/i.test(header("transfer-encoding") ?? "");
    this.#next = isChunked ? next.size : length === "0" ? next.nothing : next.plain;
    if (!isChunked) this.#left = length === undefined ? Infinity : Number(length);
  }

  /** Whether all of it has been read. */
  get isEnded(): boolean {
    return this.#next === next.nothing;
  }

  /** Takes what has arrived; throws a `ProtocolError` where that is no body. */
  read(chunk: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to && this.#next !== next.nothing) {
      if (this.#next === next.data || this.#next === next.plain) at = this.#takeData(chunk, at, to);
      else {
        this.#takeByte(chunk[at] ?? 0);
        at += 1;
      }
    }
  }

  #takeData(chunk: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    this.#left -= end - from;
    if (this.#left === 0) this.#next = this.#next === next.data ? next.dataReturn : next.nothing;
    this.#part(chunk, from, end);
    return end;
  }

  #takeByte(byte: number): void {
    if (this.#next === next.size) this.#takeDigit(byte);
    else if (this.#next === next.extension) this.#takeExtension(byte);
    else if (this.#next === next.trailer) this.#takeTrailer(byte);
    else this.#takeLineEnd(byte);
  }

  #takeExtension(byte: number): void {
    this.#countText();
    if (byte === carriageReturn) this.#next = next.sizeEnd;
    else if (byte === lineFeed) throw notHttp("a line feed alone ends a chunk's size");
  }

  #takeLineEnd(byte: number): void {
    if (this.#next === next.dataReturn) {
      expectByte(byte, carriageReturn, "Expected CR after chunk data");
      this.#next = next.dataEnd;
    } else if (this.#next === next.dataEnd) {
      expectByte(byte, lineFeed, "Expected LF after chunk data");
      this.#next = next.size;
    } else {
      expectByte(byte, lineFeed, "Expected LF after chunk size");
      this.#textBytes = 0;
      this.#next = this.#left === 0 ? next.trailer : next.data;
    }
  }

  #takeDigit(byte: number): void {
    const digit = valueOf(byte);
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit;
      this.#countText();
      if (this.#left > Number.MAX_SAFE_INTEGER) throw notHttp("Chunk size overflow");
      return;
    }
    if (this.#textBytes === 0) throw notHttp("Invalid character in chunk size");
    if (byte === carriageReturn) this.#next = next.sizeEnd;
    else if (byte === semicolon) this.#next = next.extension;
    else throw notHttp("Invalid character in chunk size");
  }

  #takeTrailer(byte: number): void {
    this.#countText();
    if (byte === lineFeed) {
      if (this.#lineBytes === 0) this.#next = next.nothing;
      this.#lineBytes = 0;
    } else if (byte !== carriageReturn) this.#lineBytes += 1;
  }

  #countText(): void {
    this.#textBytes += 1;
    if (this.#textBytes > maxHeadBytes) throw tooLongHead();
  }
}

function expectByte(byte: number, expected: number, otherwise: string): void {
  if (byte !== expected) throw notHttp(otherwise);
}

/** Of a hexadecimal digit; below zero where it is none. */
function valueOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
