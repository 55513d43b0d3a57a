import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { listen, portOf } from "../../bench/measure/listen.ts";
import { host, payloadBytes } from "./servers.ts";

/** A server and its clients in this process, between which relays stand that are processes of their own. */
export class RelayTraffic implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  readonly #message = Buffer.alloc(payloadBytes, "0");

  static async open(): Promise<RelayTraffic> {
    const traffic = new RelayTraffic(createServer({ noDelay: true }));
    await listen(traffic.#server, 0, host);
    return traffic;
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Connects this many clients by way of a relay. */
  async through(port: number, clients: number): Promise<Route> {
    const accepted: Socket[] = [];
    const route = new Route(accepted, this.#message);
    const accept = (socket: Socket): void => void accepted.push(socket);
    this.#server.on("connection", accept);
    for (let count = 0; count < clients; count += 1) {
      const client = await dial(port);
      client.on("data", (chunk: Buffer) => void (route.arrivedBytes += chunk.length));
      this.#sockets.push(client);
    }
    while (accepted.length < clients) await setImmediate();
    this.#server.off("connection", accept);
    this.#sockets.push(...accepted);
    return route;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function dial(port: number): Promise<Socket> {
  const client = connect({ host, port, noDelay: true });
  await once(client, "connect");
  return client;
}

/** The connections by way of one relay. */
export class Route {
  arrivedBytes = 0;
  #sent = 0;
  readonly #sockets: readonly Socket[];
  readonly #message: Buffer;

  constructor(sockets: readonly Socket[], message: Buffer) {
    this.#sockets = sockets;
    this.#message = message;
  }

  /**
   * Sends messages to all clients, each written by itself, `everyMs` apart, or, if that is 0, as fast as they are taken.
   * Resolves with how many those were when the last has arrived.
   */
  async send(everyMs: number, forMs: number): Promise<number> {
    const before = this.#sent;
    const startMs = performance.now();
    for (let round = 1; performance.now() - startMs < forMs; round += 1) {
      for (const socket of this.#sockets) {
        if (socket.writableNeedDrain) continue;
        socket.write(this.#message);
        this.#sent += 1;
      }
      await setImmediate();
      while (performance.now() - startMs < round * everyMs) await setImmediate();
    }
    while (this.arrivedBytes < this.#sent * this.#message.length) await setTimeout(1);
    return this.#sent - before;
  }
}
