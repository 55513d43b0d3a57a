import { Writable } from "node:stream";
import type { Duplex } from "node:stream";
import { contentOf } from "./http-chunk.ts";

/**
 * An answer of chunks to a request of HTTP/1.0, which knows none (RFC 9112, 6.1): what they hold is written alone. Proxies
 * ask so, nginx by default, and gather what they aren't told the length of.
 */
export class UnframedStream extends Writable {
  readonly #carrier: Duplex;
  readonly #lost = (): void => void this.destroy();

  constructor(carrier: Duplex) {
    super();
    this.#carrier = carrier;
    carrier.once("close", this.#lost);
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#carrier.write(contentOf(piece))) done();
    else this.#carrier.once("drain", done);
  }

  /** One that has ended in order leaves its connection as it is. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#carrier.off("close", this.#lost);
    if (!this.writableFinished) this.#carrier.destroy();
    done(error);
  }
}
