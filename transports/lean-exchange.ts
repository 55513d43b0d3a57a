import type { Duplex } from "node:stream";
import { AnswerHeads } from "./answer-head.ts";
import type { AnswerHead } from "./answer-head.ts";
import { ProtocolError, endedByServer, normalizedError } from "./protocol-error.ts";
import type { Target } from "./transport.ts";

/** Reads the answer to a request. What it throws as a `ProtocolError` ends the connection. */
export interface AnswerReader {
  interim(status: number): void;
  head(head: AnswerHead): void;
  /** Takes what stands in `chunk` from `from` on, up to `to`; others stand there when it has returned. */
  read(chunk: Buffer, from: number, to: number): void;
  /** The connection is closed, for good. */
  closed(why: Error): void;
}

/** One request on a connection of its own, whose answer is read from the socket's memory, without copying it. */
export class LeanExchange {
  readonly stream: Duplex;
  readonly #reader: AnswerReader;
  /** Null behind the head. */
  #heads: AnswerHeads | null;
  #failure: Error | null = null;

  constructor(target: Target, request: string, reader: AnswerReader) {
    this.#reader = reader;
    this.#heads = new AnswerHeads((status) => reader.interim(status));
    this.stream = target.dial((chunk, length) => this.#read(chunk, length));
    this.stream.on("error", (error) => (this.#failure ??= error));
    this.stream.on("close", () => this.#closed());
    this.stream.write(request);
  }

  /** Ends the connection, which its reader is told of as soon as it is closed. */
  fail(why: Error): void {
    this.#failure ??= why;
    this.stream.destroy();
  }

  /** Ends it with last words; a server that hasn't ended it within `limitMs` has it ended all the same. */
  end(words: Buffer, why: Error, limitMs: number): void {
    this.#failure ??= why;
    this.stream.end(words);
    const overdue = setTimeout(() => this.stream.destroy(), limitMs);
    this.stream.once("close", () => clearTimeout(overdue));
  }

  /** Ends the connection, and resolves when it is closed. */
  async close(): Promise<void> {
    if (this.stream.closed) return;
    await new Promise((resolve) => {
      this.stream.once("close", resolve);
      this.stream.destroy();
    });
  }

  #read(chunk: Buffer, length: number): void {
    // What arrived together with that on which it was ended.
    if (this.stream.destroyed) return;
    try {
      const from = this.#heads === null ? 0 : this.#readHead(this.#heads, chunk, length);
      if (from >= 0) this.#reader.read(chunk, from, length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail(error);
    }
  }

  /** Returns where the head ends; below zero where it doesn't. */
  #readHead(heads: AnswerHeads, chunk: Buffer, length: number): number {
    const end = heads.read(chunk, length);
    if (heads.head === null) return end;
    this.#heads = null;
    this.#reader.head(heads.head);
    return end;
  }

  #closed(): void {
    this.#reader.closed(normalizedError(this.#failure ?? new Error(endedByServer)));
  }
}

/** For clients that only receive: nobody starts them where anything is to be sent. */
export function refuseToSend(): never {
  throw new Error("a client that only receives was to send");
}
