import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import type { BusBytes } from "./bus.ts";

/** Where Node tells of each connection that this process dials. */
const dials = "net.client.socket";

/**
 * Counts the bytes of all connections that this process dials to a port from here on, whichever library does: on their
 * sockets, since libraries count messages.
 */
export class DialledBytes implements Disposable {
  readonly #port: number;
  readonly #open = new Set<Socket>();
  #down = 0;
  #up = 0;

  constructor(port: number) {
    this.#port = port;
    subscribe(dials, this.#dialled);
  }

  readonly #dialled = (message: unknown): void => {
    const socket = socketIn(message);
    socket?.once("connect", () => {
      if (socket.remotePort !== this.#port) return;
      this.#open.add(socket);
      socket.once("close", () => {
        this.#open.delete(socket);
        this.#down += socket.bytesRead;
        this.#up += socket.bytesWritten;
      });
    });
  };

  bytes(): BusBytes {
    let [down, up] = [this.#down, this.#up];
    for (const { bytesRead, bytesWritten } of this.#open) {
      down += bytesRead;
      up += bytesWritten;
    }
    return { down, up };
  }

  [Symbol.dispose](): void {
    unsubscribe(dials, this.#dialled);
  }
}

function socketIn(message: unknown): Socket | null {
  if (typeof message !== "object" || message === null || !("socket" in message)) return null;
  return message.socket instanceof Socket ? message.socket : null;
}
