import { Writable } from "node:stream";
import type { Duplex } from "node:stream";
import type { BrotliCompress, Gzip } from "node:zlib";
import type { AnswerFraming, WireMeter } from "./answer-framing.ts";

type Done = (error?: Error | null) => void;

/** How the texts of an answer leave. */
export interface Compression {
  readonly compressor: BrotliCompress | Gzip;
  /** What has the compressor give out all that it was given. */
  readonly flush: number;
  readonly frame: AnswerFraming["frame"];
  /** See `AnswerFraming.meter`. */
  readonly wireBytes: WireMeter;
  /** Called with the bytes that a message takes on the connection. */
  readonly delivered: (bytes: number) => void;
}

/**
 * One compressed answer that is written as it comes: each text that is written to it leaves as a piece of its own. The next is
 * taken when the client's stream takes more, so what it leaves unread takes no more memory here than on a socket.
 */
export class CompressedStream extends Writable {
  readonly #carrier: Duplex;
  readonly #compression: Compression;
  #parts: Buffer[] = [];
  readonly #lost = (): void => void this.destroy();
  /** Texts that are no messages and still to be written, in their order. */
  readonly #apart: { readonly text: Buffer; readonly written: (bytes: number) => void }[] = [];

  constructor(carrier: Duplex, compression: Compression) {
    super();
    this.#carrier = carrier;
    this.#compression = compression;
    compression.compressor.on("data", (part: Buffer) => this.#parts.push(part));
    carrier.once("close", this.#lost);
  }

  /** Writes what is no message; `written` is called with the bytes that it takes on the connection. */
  writeApart(text: Buffer, written: (bytes: number) => void): void {
    this.#apart.push({ text, written });
    this.write(text);
  }

  override _write(text: Buffer, _encoding: BufferEncoding, done: Done): void {
    const { compressor, flush, frame, wireBytes } = this.#compression;
    compressor.write(text);
    compressor.flush(flush, () => {
      const bytes = frame(this.#parts);
      this.#parts = [];
      const wire = wireBytes(bytes);
      const isTaken = this.#carrier.write(bytes);
      this.#account(text, wire);
      if (isTaken) done();
      else this.#carrier.once("drain", () => done());
    });
  }

  /** Writes what ends the compressed text. */
  override _final(done: Done): void {
    const { compressor, frame } = this.#compression;
    compressor.once("end", () => {
      const bytes = frame(this.#parts);
      this.#parts = [];
      this.#carrier.write(bytes);
      done();
    });
    compressor.end();
  }

  /** One that has ended in order leaves its connection as it is. */
  override _destroy(error: Error | null, done: Done): void {
    this.#compression.compressor.destroy();
    this.#carrier.off("close", this.#lost);
    if (!this.writableFinished) this.#carrier.destroy();
    done(error);
  }

  #account(text: Buffer, bytes: number): void {
    if (this.#apart[0]?.text === text) this.#apart.shift()?.written(bytes);
    else this.#compression.delivered(bytes);
  }
}
