import { createServer } from "node:http";
import type { Server, ServerOptions } from "node:http";
import { createServer as createPlainServer } from "node:net";
import type { Server as PlainServer, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Http2Sessions } from "../layers/http2.ts";
import type { Identity } from "../layers/tls.ts";
import { TlsServer } from "../layers/tls.ts";
import type { AnsweredPoll } from "../../transports/classify.ts";
import type { Guards } from "../../transports/guards.ts";
import type { Listener } from "../../transports/transport.ts";
import { noBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { ExtraPart } from "../../transports/wire-parts.ts";
import { AddressCounts } from "./address-counts.ts";
import { listen, portOf } from "./listen.ts";
import { StreamAccount, afterTurns, crossed, turnsUntilWritten } from "./stream-account.ts";
import type { Rest } from "./stream-account.ts";
import { WireLedger } from "./wire-ledger.ts";
import type { Bytes, WireTotals } from "./wire-ledger.ts";

/** The event of a stream whose client the server has given up. */
export const givenUp = "givenUp";

/**
 * The server's listening sockets, on one port of one or more addresses, with every byte counted
 * that crosses the accepted ones.
 */
export class CountedListener implements Listener, AsyncDisposable {
  readonly http: Server;
  readonly admitted: Listener["admitted"];
  binary = false;
  readonly open: Set<Duplex> = new Set<Duplex>();
  readonly isHttp2: boolean;
  readonly numbersAfter: number;
  readonly guards: Guards;
  readonly #servers: PlainServer[] = [];
  readonly #tls: TlsServer | null;
  /** Null where the connections of an address aren't limited. */
  readonly #addresses: AddressCounts | null;
  /** Those that are open, whether they have got through a handshake or not. */
  readonly #sockets = new Set<Socket>();
  readonly #closed: Bytes = { down: 0, up: 0 };
  readonly #closedRecords: Bytes = { down: 0, up: 0 };
  readonly #ledger = new WireLedger();
  readonly #accounts = new WeakMap<Duplex, StreamAccount>();

  /** Listens on 127.0.0.1, 127.0.0.2, …; each address has ports of its own for clients. */
  static async open(
    addresses: readonly string[],
    options: ListenOptions = {},
  ): Promise<CountedListener> {
    const listener = new CountedListener(addresses, options);
    if (listener.isHttp2) {
      // Processes that need none of it don't load it: it takes memory.
      const { Http2Sessions } = await import("../layers/http2.ts");
      listener.#speakHttp2(new Http2Sessions(listener.http));
    }
    for (const address of addresses.length === 0 ? ["127.0.0.1"] : addresses) {
      // Half open, as Node's HTTP server has it: a client may end its side and still be answered.
      const server = createPlainServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
        listener.#accept(socket),
      );
      listener.#servers.push(server);
      await listen(server, listener.port || (options.port ?? 0), address);
    }
    return listener;
  }

  private constructor(
    addresses: readonly string[],
    {
      origins = [],
      identity = null,
      isHttp2 = false,
      numbersAfter = 0,
      guards = {},
    }: ListenOptions,
  ) {
    this.admitted = { addresses, origins };
    this.isHttp2 = isHttp2;
    this.numbersAfter = numbersAfter;
    this.guards = guards;
    this.http = createServer({ noDelay: true, ...requestTimes(guards) });
    const { requestMs, idleMs, perAddress } = guards;
    const handshakeMs = requestMs ?? idleMs;
    this.#tls = identity === null ? null : new TlsServer(identity, isHttp2, handshakeMs);
    this.#addresses = perAddress === undefined ? null : new AddressCounts(perAddress);
    this.http.on("request", () => (this.#ledger.requests += 1));
    this.http.on("newListener", this.#countUpgrades);
    // It listens on no port itself; this has it watch how long requests take, as if it did.
    this.http.emit("listening");
  }

  get port(): number {
    const [first] = this.#servers;
    return first === undefined ? 0 : portOf(first);
  }

  connectionsFrom(address: string): number {
    return this.#addresses?.of(address) ?? 0;
  }

  takeSockets(accepted: (stream: Duplex) => void): void {
    // Listening to this event is how Node's own HTTP server gets its sockets.
    this.http.removeAllListeners("connection");
    this.http.on("connection", accepted);
  }

  attributeRest(stream: Duplex, part: ExtraPart, content: WireBytes = noBytes): void {
    const account = this.#accountOf(stream);
    if (this.isHttp2) account.gather(stream, content, (rest) => this.#book(part, rest));
    else this.#book(part, account.attributeRest());
  }

  #book(part: ExtraPart, { bytes, records }: Rest): void {
    this.#ledger.attribute(part, bytes.down, bytes.up);
    this.#ledger.addRecords(part, records);
  }

  attributePoll(stream: Duplex, answer: AnsweredPoll): void {
    const account = this.#accountOf(stream);
    if (!this.isHttp2) return this.#bookPoll(answer, account.attributeRest());
    const content = { down: answer.bodyBytes, up: 0 };
    account.gather(stream, content, (rest) => this.#bookPoll(answer, rest));
  }

  #bookPoll(answer: AnsweredPoll, { bytes, records }: Rest): void {
    this.#ledger.attributePoll(answer, bytes.down, bytes.up);
    this.#ledger.addRecords("deliveries", records);
  }

  attribute(stream: Duplex, part: ExtraPart, bytesDown: number, bytesUp: number): void {
    const account = this.#accountOf(stream);
    if (this.isHttp2 && bytesUp > 0) return this.#book(part, account.attributeArrived(bytesDown));
    const records = account.attribute(bytesDown, bytesUp);
    this.#ledger.attribute(part, bytesDown + records.down, bytesUp + records.up);
    this.#ledger.addRecords(part, records);
  }

  attributeDelivery(stream: Duplex, bytesDown: number): void {
    this.#accountOf(stream).deliver(stream, bytesDown);
  }

  /** For whoever watches the server's clients go: see `watchEnds`. */
  gaveUp(stream: Duplex): void {
    stream.emit(givenUp);
  }

  /** Resolves when what was attributed before is in the totals. */
  async settled(): Promise<void> {
    if (!this.isHttp2) return;
    await new Promise<void>((resolve) => afterTurns(turnsUntilWritten + 1, resolve));
  }

  totals(): WireTotals {
    const total = { ...this.#closed };
    const records = { ...this.#closedRecords };
    for (const socket of this.#sockets) add(total, crossed(socket));
    for (const stream of this.open) add(records, this.#accountOf(stream).records);
    return this.#ledger.totals(total, records);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    this.http.close();
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

  #speakHttp2(sessions: Http2Sessions): void {
    this.takeSockets((socket) => {
      const account = this.#accountOf(socket);
      const session = sessions.begin(socket);
      if (session !== null) this.http.emit("session", session);
      // A session doesn't end with what its client sends, before the client's preface at least.
      socket.once("end", () => socket.destroy());
      session?.prependListener("stream", (stream) => void this.#accounts.set(stream, account));
      // The client acknowledges the server's settings no sooner than it may have its first answer.
      session?.once("localSettings", () => this.attributeRest(socket, "setUp"));
    });
  }

  #accountOf(stream: Duplex): StreamAccount {
    const account = this.#accounts.get(stream);
    if (account === undefined) throw new Error("a stream that was not accepted here");
    return account;
  }

  #accept(socket: Socket): void {
    this.#ledger.connections += 1;
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      add(this.#closed, crossed(socket));
    });
    if (this.#addresses?.take(socket) === false) return void socket.resetAndDestroy();
    if (this.#tls === null) return this.#take(socket, new StreamAccount(socket, socket, noBytes));
    this.#tls.accept(socket, (stream, handshake) => {
      this.#ledger.attribute("tlsHandshakes", handshake.down, handshake.up);
      this.#take(stream, new StreamAccount(stream, socket, handshake));
    });
  }

  #take(stream: Duplex, account: StreamAccount): void {
    this.open.add(stream);
    this.#accounts.set(stream, account);
    stream.once("close", () => {
      this.open.delete(stream);
      const alerts = account.closingAlerts();
      this.#ledger.add("tlsHandshakes", alerts.down, alerts.up);
      add(this.#closedRecords, account.records);
    });
    this.http.emit("connection", stream);
  }
}

export interface ListenOptions {
  /** 0 is any free port. */
  readonly port?: number;
  /** Web pages of these are admitted besides those of loopback. */
  readonly origins?: readonly string[];
  /** With one, only TLS is spoken. */
  readonly identity?: Identity | null;
  /** Whether HTTP/2 is spoken in place of HTTP/1.1. */
  readonly isHttp2?: boolean;
  /** See `Listener`; 0 when left out. */
  readonly numbersAfter?: number;
  /** See `Listener`; none when left out. */
  readonly guards?: Guards;
}

/** How often Node looks for requests that take too long: an eighth of that time late at most. */
function requestTimes({ requestMs }: Guards): ServerOptions {
  if (requestMs === undefined) return {};
  const connectionsCheckingInterval = Math.max(10, Math.round(requestMs / 8));
  return { headersTimeout: requestMs, requestTimeout: requestMs, connectionsCheckingInterval };
}

function add(total: Bytes, { down, up }: WireBytes): void {
  total.down += down;
  total.up += up;
}
