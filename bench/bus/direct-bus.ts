import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import { listen, portOf } from "../measure/listen.ts";
import type { Bus, BusBytes, Peer, Take } from "./bus.ts";
import { BusFrameReader, lengthOf } from "./bus-frame.ts";

/**
 * No bus at all: the server that publishes hands each message to the others itself, on a connection to each. What two
 * servers publish on one channel may come in another order at each of the others.
 */
export class DirectBus implements Bus {
  readonly #server: Server;
  readonly #incoming = new Set<Socket>();
  /** From connections that have ended, and to them. */
  #bytesDown = 0;
  #bytesUp = 0;
  /** What comes before it has joined. */
  readonly #early: Buffer[] = [];
  #take: Take = (frame) => void this.#early.push(frame);
  readonly #host: string;
  /** By their addresses. */
  readonly #peers = new Map<string, Socket>();

  /** Peers reach it at `host`, an address of this machine. */
  static async open(host: string): Promise<DirectBus> {
    const bus = new DirectBus(host);
    await listen(bus.#server, 0, host);
    return bus;
  }

  private constructor(host: string) {
    this.#host = host;
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
    return { host: this.#host, port: portOf(this.#server) };
  }

  /** Resolves when it can reach all the others. */
  async join(peers: readonly Peer[], take: Take): Promise<void> {
    this.#take = take;
    for (const frame of this.#early.splice(0)) take(frame);
    await this.reach(peers);
  }

  /** Reaches these, too, of which it may know some. */
  async reach(peers: readonly Peer[]): Promise<void> {
    const strangers = peers.filter((peer) => !this.#peers.has(addressOf(peer)));
    await Promise.all(
      strangers.map(async (peer) => {
        const socket = connect({ ...peer, noDelay: true });
        await once(socket, "connect");
        this.#peers.set(addressOf(peer), socket);
        socket.on("error", () => socket.destroy());
        socket.once("close", () => {
          this.#peers.delete(addressOf(peer));
          this.#bytesUp += socket.bytesWritten;
        });
      }),
    );
  }

  publish(frame: Buffer): boolean {
    for (const peer of this.#peers.values()) {
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
    const up = [...this.#peers.values()].map((socket) => socket.bytesWritten);
    return {
      down: down.reduce((sum, bytes) => sum + bytes, this.#bytesDown),
      up: up.reduce((sum, bytes) => sum + bytes, this.#bytesUp),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#peers.values(), ...this.#incoming]) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}

/** Servers of several machines may have the same port. */
function addressOf({ host, port }: Peer): string {
  return `${host} ${port}`;
}
