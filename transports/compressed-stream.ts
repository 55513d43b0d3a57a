import { Writable } from "node:stream";
import type { Duplex } from "node:stream";
import type { BrotliCompress, Gzip } from "node:zlib";
import { chunk } from "./http-chunk.ts";

type Done = (error?: Error | null) => void;

/**
 * One compressed answer that stays open: each text that is written to it leaves as an HTTP chunk of its own. The next is
 * taken when the client's socket takes more, so what it leaves unread takes no more memory here than on a socket.
 */
export class CompressedStream extends Writable {
  /** The bytes of the chunk that was written last. */
  lastBytes = 0;
  readonly #socket: Duplex;
  readonly #compressor: BrotliCompress | Gzip;
  readonly #flush: number;
  #pieces: Buffer[] = [];

  constructor(socket: Duplex, compressor: BrotliCompress | Gzip, flush: number) {
    super();
    this.#socket = socket;
    this.#compressor = compressor;
    this.#flush = flush;
    compressor.on("data", (piece: Buffer) => this.#pieces.push(piece));
    socket.once("close", () => this.destroy());
  }

  override _write(text: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#compressor.write(text);
    this.#compressor.flush(this.#flush, () => {
      const bytes = chunk(this.#pieces);
      this.#pieces = [];
      this.lastBytes = bytes.length;
      if (this.#socket.write(bytes)) done();
      else this.#socket.once("drain", () => done());
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#compressor.destroy();
    this.#socket.destroy();
    done(error);
  }
}
