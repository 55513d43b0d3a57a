import { connect } from "node:net";
import type { Socket } from "node:net";

/**
 * Dials the server for one client and keeps what it dialled, so that the client can be ended with a
 * reset: a polite close would leave a port in TIME_WAIT for a minute.
 */
export class Dialler {
  readonly #host: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  dial(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** Resolves when every socket is closed. */
  async reset(): Promise<void> {
    const closed = [...this.#sockets].map(
      (socket) => new Promise((resolve) => socket.once("close", resolve)),
    );
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await Promise.all(closed);
  }

  /** Fails what is being dialled, as the kernel would after minutes. */
  giveUp(): void {
    const error = Object.assign(new Error("connecting took too long"), { code: "ETIMEDOUT" });
    for (const socket of this.#sockets) socket.destroy(error);
  }

  /** Resolves when its client has closed every socket of its own accord. */
  async closed(): Promise<void> {
    await Promise.all(
      [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
  }
}
