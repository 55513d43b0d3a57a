import { createHash, randomBytes } from "node:crypto";
import type { AnswerHead } from "./answer-head.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { LeanExchange, refuseToSend } from "./lean-exchange.ts";
import type { AnswerReader } from "./lean-exchange.ts";
import {
  ProtocolError,
  closeError,
  noStatus,
  notReading,
  quoted,
  subscribeError,
  unexpectedStatus,
} from "./protocol-error.ts";
import { maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";
import { closingMs, helloOf, notUpgraded } from "./websocket-client.ts";
import { gapIn } from "./websocket-gap.ts";
import { WebSocketReader, opcodes } from "./websocket-reader.ts";
import type { MessageTaker } from "./websocket-reader.ts";

/** A client that only receives: it reads frames straight from the socket, and takes as little memory as it can. */
export function connectLeanWebSocket(
  target: Target,
  handlers: ClientHandlers,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    void new LeanWebSocket(target, handlers, { resolve, reject });
  });
}

/** What is known of a connection until its hello has come. */
interface Opening {
  readonly key: string;
  readonly after: number | undefined;
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: Error) => void;
  received: string;
}

class LeanWebSocket implements Connection, AnswerReader, MessageTaker {
  /** Below zero before the hello. */
  cursor = -1;
  readonly #handlers: ClientHandlers;
  readonly #exchange: LeanExchange;
  readonly #frames: WebSocketReader = new WebSocketReader(this);
  #opening: Opening | null;
  #isDisposed = false;
  /** Counts pings and pongs; made late, since most connections see few of them. */
  #flood: FloodDetector | undefined;

  constructor(
    target: Target,
    handlers: ClientHandlers,
    { resolve, reject }: Pick<Opening, "resolve" | "reject">,
  ) {
    const { after } = target;
    const key = randomKey();
    this.#handlers = handlers;
    this.#opening = { key, after, resolve, reject, received: "no answer to the handshake" };
    this.#exchange = new LeanExchange(target, handshake(target, key), this);
  }

  send(): void {
    refuseToSend();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#exchange.close();
  }

  interim(status: number): void {
    if (this.#opening !== null) this.#opening.received = `no more than status ${status}`;
  }

  head(head: AnswerHead): void {
    if (this.#opening === null) return;
    checkUpgrade(head, this.#opening.key);
    this.#opening.received = "an answer to the handshake, but no text frame";
  }

  read(chunk: Buffer, from: number, to: number): void {
    this.#frames.read(chunk, from, to);
  }

  message(payload: Buffer, isBinary: boolean): void {
    // What arrived together with that on which it was ended.
    if (this.#exchange.stream.destroyed) return;
    if (this.cursor < 0) return this.#greet(payload, isBinary);
    this.cursor += 1;
    this.#handlers.message(payload);
  }

  #greet(payload: Buffer, isBinary: boolean): void {
    this.cursor = helloOf(payload, isBinary);
    const missed = this.cursor - (this.#opening?.after ?? this.cursor);
    if (missed > 0) this.#handlers.gap(missed);
    this.#opening?.resolve(this);
    this.#opening = null;
  }

  ping(data: Buffer): void {
    const { stream } = this.#exchange;
    if (stream.destroyed) return;
    stream.write(controlFrame(opcodes.pong, data));
    if (stream.writableLength > maxWaitingBytes) this.#exchange.fail(notReading());
    this.#count();
  }

  pong(data: Buffer): void {
    const missed = (gapIn(data) ?? this.cursor) - this.cursor;
    if (this.cursor >= 0 && missed > 0) {
      this.cursor += missed;
      this.#handlers.gap(missed);
    }
    this.#count();
  }

  close(code: number, reason: string): void {
    const status = code === noStatus ? [] : [code >> 8, code & 0xff];
    const answer = controlFrame(opcodes.close, Buffer.from(status));
    this.#exchange.end(answer, closeError(code, reason), closingMs);
  }

  closed(why: Error): void {
    if (this.#isDisposed) return;
    if (this.#opening === null) this.#handlers.closed(why.message);
    else this.#opening.reject(subscribeError(why, this.#opening.received));
  }

  #count(): void {
    this.#flood ??= new FloodDetector();
    if (!this.#flood.exceeds()) return;
    this.#exchange.fail(
      new ProtocolError(`more than ${maxPerSecond} pings and pongs within a second`),
    );
  }
}

/** The fields that `ws` has in its handshake, which the harness may add to: RFC 6455, section 4.1. */
function handshake({ channel, after, url }: Target, key: string): string {
  const query = after === undefined ? "" : `?after=${after}`;
  return (
    `GET /ws/${channel}${query} HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
    `Connection: Upgrade\r\nUpgrade: websocket\r\nHost: ${url.host}\r\n\r\n`
  );
}

/** Throws where a server hasn't agreed to the handshake, or has to more than it was asked for: section 4.2.2. */
function checkUpgrade({ status, header }: AnswerHead, key: string): void {
  if (status !== 101) throw unexpectedStatus(status, header);
  const isUpgraded = header("upgrade")?.toLowerCase() === "websocket";
  if (!isUpgraded || !/\bupgrade\b/i.test(header("connection") ?? "")) throw notUpgraded();
  const accept = header("sec-websocket-accept");
  if (accept !== acceptOf(key)) {
    const given = accept === undefined ? "no" : `the wrong`;
    throw new ProtocolError(`status 101, but with ${given} Sec-WebSocket-Accept`, 101);
  }
  const [name, value] = unasked.flatMap(([field, what]) => {
    const found = header(field);
    return found === undefined ? [] : [what, found];
  });
  if (name === undefined) return;
  throw new ProtocolError(
    `status 101, but with ${name} ${quoted(value ?? "")} that nobody asked for`,
    101,
  );
}

const unasked = [
  ["sec-websocket-extensions", "Sec-WebSocket-Extensions"],
  ["sec-websocket-protocol", "a subprotocol"],
] as const;

/** What proves that a server has understood a handshake with this key. */
function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function randomKey(): string {
  return randomBytes(16).toString("base64");
}

/** A frame of a client that controls the connection, under a mask of its own: section 5.3. */
function controlFrame(opcode: number, data: Buffer): Buffer {
  const mask = randomBytes(4);
  const frame = Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | data.length]), mask, data]);
  const start = frame.length - data.length;
  for (let at = start; at < frame.length; at += 1) {
    frame[at] = (frame[at] ?? 0) ^ (mask[(at - start) % mask.length] ?? 0);
  }
  return frame;
}
