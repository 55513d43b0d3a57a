import { isUtf8 } from "node:buffer";
import { GrowingBuffer } from "./growing-buffer.ts";
import { ProtocolError, noStatus, tooLong } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";

/** Takes what a server sends. What it is handed has other bytes once it has returned. */
export interface MessageTaker {
  message(payload: Buffer, isBinary: boolean): void;
  ping(data: Buffer): void;
  pong(data: Buffer): void;
  /** Nothing that follows is read. `code` is `noStatus` where the server gives none. */
  close(code: number, reason: string): void;
}

export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

const finalBit = 0x80;
const finalText: number = finalBit | opcodes.text;
const finalBinary: number = finalBit | opcodes.binary;

/** The longest head of a server's frame. */
const maxHeadBytes = 10;

/** The longest payload of a frame that controls the connection. */
const maxControlBytes = 125;

/** The most parts of one message; as `ws` has it. */
const maxParts = 16_384;

/** A frame whose payload hasn't all come. */
interface BegunFrame {
  readonly first: number;
  readonly length: number;
  readonly payload: GrowingBuffer;
}

/** A message of which not all parts have come. */
interface BegunMessage {
  readonly opcode: number;
  readonly payload: GrowingBuffer;
  parts: number;
}

/**
 * Reads the frames of a server (RFC 6455, section 5), which come in chunks of any size. A payload that lies whole in a
 * chunk is handed over where it lies; there is memory only for what is spread over several.
 */
export class WebSocketReader {
  readonly #taker: MessageTaker;
  /** A head that hasn't all come. */
  #head: Buffer | null = null;
  #headBytes = 0;
  #frame: BegunFrame | null = null;
  #message: BegunMessage | null = null;
  #isClosed = false;

  constructor(taker: MessageTaker) {
    this.#taker = taker;
  }

  /** Takes what has arrived; throws a `ProtocolError` for what no server may send. */
  read(chunk: Buffer, from: number, to: number): void {
    let at = this.#frame === null ? from : this.#fill(this.#frame, chunk, from, to);
    while (at < to && !this.#isClosed) {
      const second = chunk[at + 1] ?? 0;
      const start = at + headLength(second);
      const isWhole = this.#head === null && to - at >= 2 && start <= to;
      at = isWhole ? this.#takeFrame(chunk, at, chunk, start, to) : this.#takeHead(chunk, at, to);
    }
  }

  /** Takes the bytes of a head one by one, and with the last of them its payload. */
  #takeHead(chunk: Buffer, from: number, to: number): number {
    const head = (this.#head ??= Buffer.allocUnsafe(maxHeadBytes));
    for (let at = from; at < to;) {
      head[this.#headBytes] = chunk[at] ?? 0;
      this.#headBytes += 1;
      at += 1;
      const [first = 0, second = 0] = head;
      if (this.#headBytes < 2) this.#check(first, 0);
      else if (this.#headBytes === 2) this.#check(first, second);
      if (this.#headBytes < 2 || this.#headBytes < headLength(second)) continue;
      this.#head = null;
      this.#headBytes = 0;
      return this.#takeFrame(head, 0, chunk, at, to);
    }
    return to;
  }

  /** Takes the frame whose head begins at `at`, and whose payload at `start`; returns where what is there of it ends. */
  #takeFrame(head: Buffer, at: number, chunk: Buffer, start: number, to: number): number {
    const first = head[at] ?? 0;
    const second = head[at + 1] ?? 0;
    const isMessage = first === finalText || first === finalBinary;
    if (!isMessage || second > 127 || this.#message !== null) this.#check(first, second);
    const length = second < 126 ? second : longLength(head, at);
    const end = start + length;
    if (end > to) {
      const payload = new GrowingBuffer(length);
      payload.add(chunk, start, to);
      this.#frame = { first, length, payload };
      return to;
    }
    this.#take(first, chunk.subarray(start, end));
    return end;
  }

  /** Goes on with a payload of which a part has come before. */
  #fill(frame: BegunFrame, chunk: Buffer, from: number, to: number): number {
    const { first, length, payload } = frame;
    const end = Math.min(to, from + length - payload.length);
    payload.add(chunk, from, end);
    if (payload.length === length) {
      this.#frame = null;
      this.#take(first, payload.all());
    }
    return end;
  }

  #take(first: number, payload: Buffer): void {
    if (first === finalBinary) return this.#taker.message(payload, true);
    if (first === finalText) return this.#deliverText(payload);
    const opcode = first & 15;
    if (opcode < opcodes.close) return this.#takePart(first, opcode, payload);
    if (opcode === opcodes.ping) this.#taker.ping(payload);
    else if (opcode === opcodes.pong) this.#taker.pong(payload);
    else this.#close(payload);
  }

  #deliverText(payload: Buffer): void {
    if (!isUtf8(payload)) throw invalid("invalid UTF-8 sequence");
    this.#taker.message(payload, false);
  }

  #takePart(first: number, opcode: number, payload: Buffer): void {
    const message = (this.#message ??= {
      opcode,
      payload: new GrowingBuffer(maxMessageBytes),
      parts: 0,
    });
    message.parts += 1;
    if (message.parts > maxParts) throw new ProtocolError("Too many message fragments");
    if (message.payload.length + payload.length > maxMessageBytes) throw tooLongMessage();
    message.payload.add(payload);
    if (first < finalBit) return;
    this.#message = null;
    const whole = message.payload.all();
    if (message.opcode === opcodes.text) this.#deliverText(whole);
    else this.#taker.message(whole, true);
  }

  #close(payload: Buffer): void {
    this.#isClosed = true;
    if (payload.length === 0) return this.#taker.close(noStatus, "");
    if (payload.length === 1) throw invalid("invalid payload length 1");
    const code = payload.readUInt16BE(0);
    if (!isCode(code)) throw invalid(`invalid status code ${code}`);
    const reason = payload.subarray(2);
    if (!isUtf8(reason)) throw invalid("invalid UTF-8 sequence");
    this.#taker.close(code, reason.toString());
  }

  /** Throws where a frame of a server can't begin so, behind what has come before. */
  #check(first: number, second: number): void {
    if ((first & 0x40) !== 0) throw invalid("RSV1 must be clear");
    if ((first & 0x30) !== 0) throw invalid("RSV2 and RSV3 must be clear");
    const opcode = first & 15;
    const isBegun = this.#message !== null;
    if (opcode > opcodes.pong || (opcode > opcodes.binary && opcode < opcodes.close)) {
      throw invalid(`invalid opcode ${opcode}`);
    }
    if (opcode < opcodes.close && isBegun !== (opcode === opcodes.continuation)) {
      throw invalid(`invalid opcode ${opcode}`);
    }
    if (second > 127) throw invalid("MASK must be clear");
    if (opcode < opcodes.close) return;
    if (first < finalBit) throw invalid("FIN must be set");
    if (second > maxControlBytes) throw invalid(`invalid payload length ${second}`);
  }
}

/** The bytes of an unmasked frame's head, by its second byte. */
function headLength(second: number): number {
  if (second < 126) return 2;
  return second === 126 ? 4 : maxHeadBytes;
}

/** The length of a payload that the second byte of its head doesn't hold. */
function longLength(head: Buffer, at: number): number {
  const isShorter = head[at + 1] === 126;
  const length = isShorter ? head.readUInt16BE(at + 2) : Number(head.readBigUInt64BE(at + 2));
  if (length > maxMessageBytes) throw tooLongMessage();
  return length;
}

function tooLongMessage(): ProtocolError {
  return tooLong("a message", maxMessageBytes);
}

function invalid(why: string): ProtocolError {
  return new ProtocolError(`Invalid WebSocket frame: ${why}`);
}

/** Whether a server may close with it: RFC 6455, section 7.4, and the registry that it begins. */
function isCode(code: number): boolean {
  if (code >= 3_000) return code <= 4_999;
  return code >= 1_000 && code <= 1_014 && (code < 1_004 || code > 1_006);
}
