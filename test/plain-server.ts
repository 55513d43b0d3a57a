import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { portOf } from "../bench/measure/listen.ts";

/** A server of bytes. */
export class PlainServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(behave: (socket: Socket) => void): Promise<PlainServer> {
    const plain = new PlainServer(behave);
    await new Promise<void>((resolve) => plain.#server.listen(0, "127.0.0.1", resolve));
    return plain;
  }

  private constructor(behave: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      behave(socket);
    });
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Resolves when no client is connected any more. */
  async abandoned(): Promise<void> {
    const left = [...this.#sockets];
    await Promise.all(
      left.map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
