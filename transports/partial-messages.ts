import type { Duplex } from "node:stream";

/** Bytes of an incomplete message that aren't counted: most messages arrive in one piece. */
const freeBytes = 65_536;

/** Bounds the bytes that a server holds of messages which it has received in part, over all clients. */
export class PartialMessages {
  /** Bytes of incomplete messages by socket, in the order in which the messages began. */
  readonly #held = new Map<Duplex, number>();
  readonly #watched = new WeakSet<Duplex>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** The default bound is enough for 32 of the largest messages. */
  constructor(maxBytes: number = 256 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Keeps how many bytes have arrived of the message that a client is sending, 0 at its end. Above the bound, clients
   * whose messages have been incomplete for longest are disconnected: an honest client takes only a moment.
   */
  track(socket: Duplex, bytes: number): void {
    if (bytes <= freeBytes) {
      if (this.#held.size > 0) this.#release(socket);
      return;
    }
    this.#bytes += bytes - (this.#held.get(socket) ?? 0);
    this.#held.set(socket, bytes);
    if (!this.#watched.has(socket)) {
      this.#watched.add(socket);
      socket.once("close", () => this.#release(socket));
    }
    for (const [oldest] of this.#held) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#release(oldest);
      oldest.destroy();
    }
  }

  #release(socket: Duplex): void {
    this.#bytes -= this.#held.get(socket) ?? 0;
    this.#held.delete(socket);
  }
}
