import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import { listen, portOf } from "../measure/listen.ts";
import type { Bus, BusBytes, Peer, Take } from "./bus.ts";
import { BusFrameReader, lengthOf } from "./bus-frame.ts";

const host = "127.0.0.1";

/**
 * No bus at all: the server that publishes hands each message to the others itself, on a connection to each. What two
 * servers publish on one channel may come in another order at each of the others.
 */
export class DirectBus implements Bus {
  readonly #server: Server;
  readonly #incoming = new Set<Socket>();
  /** From connections that have ended. */
  #bytesDown = 0;
  #take: Take = () => {};
  #peers: readonly Socket[] = [];

  static async open(): Promise<DirectBus> {
    const bus = new DirectBus();
    await listen(bus.#server, 0, host);
    return bus;
  }

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const reader = new BusFrameReader((frame) => this.#take(frame));
      this.#incoming.add(socket);
      // A peer that is gone is missed by whoever waits for its process.
      socket.on("data", (piece) => reader.read(piece)).on("error", () => socket.destroy());
      socket.once("close", () => {
        this.#incoming.delete(socket);
        this.#bytesDown += socket.bytesRead;
      });
    });
  }

  /** Where the others find it. */
  get address(): Peer {
    return { host, port: portOf(this.#server) };
  }

  /** Resolves when it can reach all the others. */
  async join(peers: readonly Peer[], take: Take): Promise<void> {
    this.#take = take;
    this.#peers = await Promise.all(
      peers.map(async ({ host, port }) => {
        const socket = connect({ host, port, noDelay: true });
        await once(socket, "connect");
        return socket.on("error", () => socket.destroy());
      }),
    );
  }

  publish(frame: Buffer): boolean {
    for (const peer of this.#peers) {
      peer.cork();
      peer.write(lengthOf(frame));
      peer.write(frame);
      peer.uncork();
    }
    this.#take(frame);
    return true;
  }

  bytes(): BusBytes {
    const down = [...this.#incoming].map((socket) => socket.bytesRead);
    const up = this.#peers.map((socket) => socket.bytesWritten);
    return {
      down: down.reduce((sum, bytes) => sum + bytes, this.#bytesDown),
      up: up.reduce((sum, bytes) => sum + bytes, 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#peers, ...this.#incoming]) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
