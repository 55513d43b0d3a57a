import type { Duplex } from "node:stream";
import type { Listener } from "./transport.ts";
import { inTurns } from "./turns.ts";

const nothing = Buffer.alloc(0);

/**
 * Has the requests of all clients read in turns (`inTurns`) as soon as one of them sends more than can be
 * handled. Not before: Node's parser reads from the kernel by itself, which takes a tenth less of a poll.
 */
export class HttpTurns {
  readonly #listener: Listener;
  /** What ends the turns of a connection; of one that has another protocol, nothing does. */
  readonly #ends = new WeakMap<Duplex, () => Buffer>();
  #begun = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Begins with all connections that there are, at once, and goes on with all to come. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    for (const socket of this.#listener.open) this.#take(socket);
    this.#listener.http.on("connection", (socket: Duplex) => this.#take(socket));
  }

  /** Leaves a connection to another protocol; returns what has been read of that. */
  leave(socket: Duplex): Buffer {
    const left = this.#ends.get(socket)?.() ?? nothing;
    this.#ends.set(socket, () => nothing);
    return left;
  }

  #take(socket: Duplex): void {
    const [receive] = socket.listeners("data");
    if (receive === undefined || this.#ends.has(socket)) return;
    socket.removeAllListeners("data");
    // As soon as anybody else listens, Node's parser no longer reads by itself.
    this.#ends.set(
      socket,
      inTurns(socket, (piece) => void Reflect.apply(receive, socket, [piece])),
    );
  }
}
