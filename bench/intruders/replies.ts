import { HttpReader } from "../measure/http-reader.ts";
import { opcodes, readFrame } from "../measure/websocket-frames.ts";
import type { Frame } from "../measure/websocket-frames.ts";

/** A close frame without a code: RFC 6455, section 7.1.5. */
const noCode = 1005;

/** How much of an answer's body is kept. */
const keptBytes = 1_024;

/** What a server says on one connection: answers of HTTP/1.1 and, behind one that switches to it, frames of a WebSocket. */
export class Replies {
  /** Of the last answer; null before the next. */
  status: number | null = null;
  /** Answers that have come to their end. */
  complete = 0;
  /** The start of the last one's body. */
  body = "";
  /** Of the last text frame. */
  text = "";
  pongs = 0;
  /** Of the close frame; null before it. */
  closeCode: number | null = null;
  /** Pings that wait for an answer. */
  readonly pings: Buffer[] = [];
  isWebSocket = false;
  readonly #http: HttpReader;
  #frames: Buffer = Buffer.alloc(0);

  constructor() {
    this.#http = new HttpReader({
      head: (head) => {
        this.status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
        this.isWebSocket = this.status === 101;
        this.body = "";
      },
      body: (piece) => {
        if (this.isWebSocket) this.#readFrames(piece);
        else if (this.body.length < keptBytes) this.body += piece.toString("latin1");
      },
      complete: () => (this.complete += 1),
    });
  }

  /** Waits for the next answer. */
  forget(): void {
    this.status = null;
  }

  /** The status or close code by which the server has refused something; null as long as it hasn't. */
  get refusal(): string | null {
    if (this.closeCode !== null) return String(this.closeCode);
    return this.status !== null && this.status >= 400 ? String(this.status) : null;
  }

  read(chunk: Buffer): void {
    this.#http.read(chunk);
  }

  #readFrames(piece: Buffer): void {
    this.#frames = this.#frames.length === 0 ? piece : Buffer.concat([this.#frames, piece]);
    for (let read = readFrame(this.#frames); read !== null; read = readFrame(this.#frames)) {
      this.#frames = read.rest;
      this.#take(read.frame);
    }
  }

  #take({ opcode, payload }: Frame): void {
    if (opcode === opcodes.text) this.text = payload.toString();
    else if (opcode === opcodes.ping) this.pings.push(payload);
    else if (opcode === opcodes.pong) this.pongs += 1;
    else if (opcode === opcodes.close && this.closeCode === null) {
      this.closeCode = payload.length < 2 ? noCode : payload.readUInt16BE(0);
    }
  }
}
