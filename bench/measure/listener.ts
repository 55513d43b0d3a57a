import { createServer } from "node:http";
import type { Server } from "node:http";
import { createServer as createPlainServer } from "node:net";
import type { Server as PlainServer, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AnsweredPoll } from "../../transports/classify.ts";
import type { Listener } from "../../transports/transport.ts";
import type { ExtraPart } from "../../transports/wire-parts.ts";
import { listen, portOf } from "./listen.ts";
import { WireLedger } from "./wire-ledger.ts";
import type { Bytes, WireTotals } from "./wire-ledger.ts";

/**
 * The server's listening sockets, on one port of one or more addresses, with every byte counted
 * that crosses the accepted ones.
 */
export class CountedListener implements Listener, AsyncDisposable {
  readonly http: Server = createServer({ noDelay: true });
  readonly admitted: Listener["admitted"];
  binary = false;
  readonly open: Set<Socket> = new Set<Socket>();
  readonly #more: PlainServer[] = [];
  readonly #closed: Bytes = { down: 0, up: 0 };
  readonly #ledger = new WireLedger();
  readonly #accounts = new WeakMap<Duplex, StreamAccount>();

  /**
   * Listens on 127.0.0.1, 127.0.0.2, …; each address has ports of its own for clients. 0 is any free port.
   * Web pages of `origins` are admitted besides those of loopback.
   */
  static async open(
    addresses: readonly string[],
    port = 0,
    origins: readonly string[] = [],
  ): Promise<CountedListener> {
    const listener = new CountedListener({ addresses, origins });
    const [first = "127.0.0.1", ...others] = addresses;
    await listen(listener.http, port, first);
    for (const address of others) {
      const server = createPlainServer({ noDelay: true }, (socket) => {
        listener.http.emit("connection", socket);
      });
      listener.#more.push(server);
      await listen(server, listener.port, address);
    }
    return listener;
  }

  private constructor(admitted: Listener["admitted"]) {
    this.admitted = admitted;
    this.http.on("connection", (socket: Socket) => this.#accept(socket));
    this.http.on("request", () => (this.#ledger.requests += 1));
    this.http.on("newListener", this.#countUpgrades);
  }

  get port(): number {
    return portOf(this.http);
  }

  takeSockets(accepted: (stream: Duplex) => void): void {
    // Listening to this event is how Node's own HTTP server gets its sockets.
    this.http.removeAllListeners("connection");
    this.http.on("connection", (socket: Socket) => {
      this.#accept(socket);
      accepted(socket);
    });
  }

  attributeRest(stream: Duplex, part: ExtraPart): void {
    const { down, up } = this.#accountOf(stream).attributeRest();
    this.#ledger.attribute(part, down, up);
  }

  attributePoll(stream: Duplex, answer: AnsweredPoll): void {
    const { down, up } = this.#accountOf(stream).attributeRest();
    this.#ledger.attributePoll(answer, down, up);
  }

  attribute(stream: Duplex, part: ExtraPart, bytesDown: number, bytesUp: number): void {
    this.#accountOf(stream).attribute(bytesDown, bytesUp);
    this.#ledger.attribute(part, bytesDown, bytesUp);
  }

  totals(): WireTotals {
    const total = { ...this.#closed };
    for (const socket of this.open) {
      total.down += socket.bytesWritten;
      total.up += socket.bytesRead;
    }
    return this.#ledger.totals(total);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const servers = [this.http, ...this.#more];
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.open) socket.destroy();
    await Promise.all(closed);
  }

  /**
   * Listens to upgrades as soon as the transport does. Before, it would keep Node from answering those
   * that the transport knows nothing of.
   */
  readonly #countUpgrades = (event: string | symbol): void => {
    if (event !== "upgrade") return;
    this.http.off("newListener", this.#countUpgrades);
    this.http.on("upgrade", () => (this.#ledger.requests += 1));
  };

  #accountOf(stream: Duplex): StreamAccount {
    const account = this.#accounts.get(stream);
    if (account === undefined) throw new Error("a stream that was not accepted here");
    return account;
  }

  #accept(socket: Socket): void {
    this.#ledger.connections += 1;
    this.open.add(socket);
    this.#accounts.set(socket, new StreamAccount(socket));
    socket.once("close", () => {
      this.open.delete(socket);
      this.#closed.down += socket.bytesWritten;
      this.#closed.up += socket.bytesRead;
    });
  }
}

/** How many of the bytes of one accepted stream have been attributed to a part. */
class StreamAccount {
  readonly #socket: Socket;
  #down = 0;
  #up = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  attribute(down: number, up: number): void {
    this.#down += down;
    this.#up += up;
  }

  /** Attributes all others that have crossed so far; returns how many those are. */
  attributeRest(): Bytes {
    const { bytesWritten, bytesRead } = this.#socket;
    const rest = { down: bytesWritten - this.#down, up: bytesRead - this.#up };
    this.#down = bytesWritten;
    this.#up = bytesRead;
    return rest;
  }
}
