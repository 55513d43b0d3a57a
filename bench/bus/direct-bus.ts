import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import { listen, portOf } from "../measure/listen.ts";
import type { Bus, Deliver, Peer } from "./bus.ts";
import { BusFrameReader, busFrame } from "./bus-frame.ts";

const host = "127.0.0.1";

/**
 * No bus at all: the server that publishes hands each message to the others itself, on a connection to each. What two
 * servers publish on one channel may come in another order at each of the others.
 */
export class DirectBus implements Bus {
  readonly #server: Server;
  readonly #incoming = new Set<Socket>();
  #deliver: Deliver = () => {};
  readonly #peers = new Map<number, Socket>();

  static async open(): Promise<DirectBus> {
    const bus = new DirectBus();
    await listen(bus.#server, 0, host);
    return bus;
  }

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const reader = new BusFrameReader((channel, payload) => this.#deliver(channel, payload));
      this.#incoming.add(socket);
      // A peer that is gone is missed by whoever waits for its process.
      socket.on("data", (piece) => reader.read(piece)).on("error", () => socket.destroy());
      socket.once("close", () => this.#incoming.delete(socket));
    });
  }

  /** Where the others find it. */
  get address(): Peer {
    return { host, port: portOf(this.#server) };
  }

  /** Resolves when it can reach all the others; again where one of them has been replaced. */
  async join(peers: readonly Peer[], deliver: Deliver): Promise<void> {
    this.#deliver = deliver;
    const strangers = peers.filter(({ port }) => !this.#peers.has(port));
    await Promise.all(
      strangers.map(async ({ host, port }) => {
        const socket = connect({ host, port, noDelay: true });
        await once(socket, "connect");
        const gone = (): void => void this.#peers.delete(port);
        this.#peers.set(
          port,
          socket.on("error", () => socket.destroy()),
        );
        socket.once("close", gone);
      }),
    );
  }

  publish(channel: string, payload: Buffer): void {
    const frame = busFrame(channel, payload);
    for (const peer of this.#peers.values()) peer.write(frame);
    this.#deliver(channel, payload);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#peers.values(), ...this.#incoming]) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
