import { connect } from "node:net";
import type { Socket } from "node:net";

/**
 * Dials the server for one client and keeps what it dialled, so that the client can be ended with a
 * reset: a polite close would leave a port in TIME_WAIT for a minute.
 */
export class Dialler {
  readonly #host: string;
  readonly #port: number;
  /** Nearly always one; those that are closed are forgotten at the next dial. */
  #sockets: Socket[] = [];

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  dial(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#sockets = [...this.#open(), socket];
    return socket;
  }

  /** Resolves when every socket is closed. */
  async reset(): Promise<void> {
    await resetAll(this.#open());
  }

  /** Fails what is being dialled, as the kernel would after minutes. */
  giveUp(): void {
    const error = Object.assign(new Error("connecting took too long"), { code: "ETIMEDOUT" });
    for (const socket of this.#open()) socket.destroy(error);
  }

  /** Resolves when every socket is closed, whoever closes it. */
  async closed(): Promise<void> {
    await allClosed(this.#open());
  }

  #open(): Socket[] {
    return this.#sockets.filter((socket) => !socket.closed);
  }
}

/** Ends sockets as a machine does that is switched off; resolves when all of them are closed. */
export async function resetAll(sockets: readonly Socket[]): Promise<void> {
  const open = sockets.filter((socket) => !socket.closed);
  const closed = allClosed(open);
  for (const socket of open) {
    // The kernel refuses to reset what is being ended, and such a socket never closes.
    if (socket.writable) socket.resetAndDestroy();
    else socket.destroy();
  }
  await closed;
}

async function allClosed(open: readonly Socket[]): Promise<void> {
  await Promise.all(open.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
}
