import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** Where the streams come from, and what is asked for. */
export interface Asked {
  readonly port: number;
  readonly body: (client: number) => Buffer;
}

const lastChunk = Buffer.from("\r\n0\r\n\r\n");

/** Connections that ask for a stream each, and read it to its end, whatever is in it. */
export class TokenStreams implements Disposable {
  readonly #sockets: readonly Socket[];
  readonly #asked: Asked;

  static async open(streams: number, asked: Asked): Promise<TokenStreams> {
    const sockets = Array.from({ length: streams }, () =>
      connect({ host: "127.0.0.1", port: asked.port, noDelay: true }),
    );
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    return new TokenStreams(sockets, asked);
  }

  private constructor(sockets: readonly Socket[], asked: Asked) {
    this.#sockets = sockets;
    this.#asked = asked;
  }

  /** Resolves when all streams have ended. */
  async ask(): Promise<void> {
    const { port, body } = this.#asked;
    await Promise.all(
      this.#sockets.map(async (socket, client) => {
        const content = body(client);
        const head =
          `POST /stream/own-${client} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
          `Content-Length: ${content.length}\r\n\r\n`;
        const ended = streamEnd(socket);
        socket.write(Buffer.concat([Buffer.from(head), content]));
        await ended;
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

/** Resolves behind the last chunk of an answer. */
function streamEnd(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      // It may come in pieces.
      tail = Buffer.concat([tail, chunk]).subarray(-lastChunk.length);
      if (!tail.equals(lastChunk)) return;
      socket.off("data", read);
      socket.off("close", broken);
      resolve();
    };
    const broken = (): void => reject(new Error("a stream ended before its last chunk"));
    if (socket.destroyed) return broken();
    socket.on("data", read);
    socket.once("close", broken);
    socket.once("error", () => {});
  });
}
