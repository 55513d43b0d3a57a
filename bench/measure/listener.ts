import { createServer } from "node:http";
import type { Server } from "node:http";
import { createServer as createPlainServer } from "node:net";
import type { Server as PlainServer, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Http2Sessions } from "../layers/http2.ts";
import type { Identity } from "../layers/tls.ts";
import { TlsServer, alertBytes, recordBytes } from "../layers/tls.ts";
import type { AnsweredPoll } from "../../transports/classify.ts";
import type { Listener } from "../../transports/transport.ts";
import { addBytes, noBytes, subtractBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
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
  readonly open: Set<Duplex> = new Set<Duplex>();
  readonly isHttp2: boolean;
  readonly #servers: PlainServer[] = [];
  readonly #tls: TlsServer | null;
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
    { origins = [], identity = null, isHttp2 = false }: ListenOptions,
  ) {
    this.admitted = { addresses, origins };
    this.isHttp2 = isHttp2;
    this.#tls = identity === null ? null : new TlsServer(identity, isHttp2);
    this.http.on("request", () => (this.#ledger.requests += 1));
    this.http.on("newListener", this.#countUpgrades);
    // It listens on no port itself; this has it watch how long requests take, as if it did.
    this.http.emit("listening");
  }

  get port(): number {
    const [first] = this.#servers;
    return first === undefined ? 0 : portOf(first);
  }

  takeSockets(accepted: (stream: Duplex) => void): void {
    // Listening to this event is how Node's own HTTP server gets its sockets.
    this.http.removeAllListeners("connection");
    this.http.on("connection", accepted);
  }

  attributeRest(stream: Duplex, part: ExtraPart, content: WireBytes = noBytes): void {
    const account = this.#accountOf(stream);
    if (this.isHttp2) account.gather(content, (rest) => this.#book(part, rest));
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
    account.gather(content, (rest) => this.#bookPoll(answer, rest));
  }

  #bookPoll(answer: AnsweredPoll, { bytes, records }: Rest): void {
    this.#ledger.attributePoll(answer, bytes.down, bytes.up);
    this.#ledger.addRecords("deliveries", records);
  }

  attribute(stream: Duplex, part: ExtraPart, bytesDown: number, bytesUp: number): void {
    const records = this.#accountOf(stream).attribute(bytesDown, bytesUp);
    this.#ledger.attribute(part, bytesDown + records.down, bytesUp + records.up);
    this.#ledger.addRecords(part, records);
  }

  attributeDelivery(stream: Duplex, bytesDown: number): void {
    this.#accountOf(stream).deliver(stream, bytesDown);
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
}

/** One for all connections: most never have another. */
const none: readonly never[] = [];

/** How many of the bytes of one accepted stream have been attributed to a part. */
class StreamAccount {
  readonly #stream: Socket;
  /** What the stream runs on; the same without TLS. */
  readonly #raw: Socket;
  #handshake: WireBytes;
  #down = 0;
  #up = 0;
  /** How many of them TLS has added. */
  #records = noBytes;
  /** Streams on which deliveries may wait that are attributed already. */
  #delivering: readonly Duplex[] = none;
  /** See `gather`. */
  #gathered: readonly Sharer[] = none;
  /** How much had come up when the last of them was asked for, and how much of it was TLS's. */
  #gatheredUp = 0;
  #gatheredRecordsUp = 0;

  constructor(stream: Socket, raw: Socket, handshake: WireBytes) {
    this.#stream = stream;
    this.#raw = raw;
    this.#handshake = handshake;
  }

  /** The bytes that TLS has added so far to what crossed the stream. */
  get records(): WireBytes {
    if (this.#stream === this.#raw) return noBytes;
    return subtractBytes(this.#crossed(), crossed(this.#stream));
  }

  /**
   * The bytes of the alerts that have ended the connection, which are of no other part (RFC 8446, 6.1): they make the
   * only records that hold something of TLS itself.
   */
  closingAlerts(): WireBytes {
    const { down, up } = this.records;
    const alerts = { down: alertsIn(down), up: alertsIn(up) };
    this.#handshake = addBytes(this.#handshake, alerts);
    return alerts;
  }

  /** Attributes that much of what the stream carries. Returns what TLS adds: it is taken for a record of its own. */
  attribute(down: number, up: number): WireBytes {
    this.#down += down;
    this.#up += up;
    if (this.#stream === this.#raw) return noBytes;
    const records = { down: recordFor(down), up: recordFor(up) };
    this.#down += records.down;
    this.#up += records.up;
    this.#records = addBytes(this.#records, records);
    return records;
  }

  /** Attributes that much of what is written on a stream that shares the connection. */
  deliver(stream: Duplex, down: number): void {
    this.attribute(down, 0);
    if (this.#delivering.includes(stream)) return;
    this.#delivering = [...this.#delivering, stream];
    stream.once("close", () => {
      this.#delivering = this.#delivering.filter((other) => other !== stream);
    });
  }

  /** Attributes all others that have crossed so far; returns how many those are, and how many of them TLS added. */
  attributeRest(): Rest {
    if (this.#stream === this.#raw) {
      const { bytesWritten, bytesRead } = this.#raw;
      const bytes = { down: bytesWritten - this.#down, up: bytesRead - this.#up };
      this.#down = bytesWritten;
      this.#up = bytesRead;
      return { bytes, records: noBytes };
    }
    const attributed = { down: this.#down, up: this.#up };
    const { down, up } = subtractBytes(this.#crossed(), attributed);
    const carried = subtractBytes(crossed(this.#stream), subtractBytes(attributed, this.#records));
    // What waits to be written hasn't been encrypted yet.
    const bytes = { down: Math.max(down, inFullRecords(carried.down)), up };
    const records = subtractBytes(bytes, carried);
    this.#down += bytes.down;
    this.#up += bytes.up;
    this.#records = addBytes(this.#records, records);
    return { bytes, records };
  }

  /**
   * The same for a connection whose frames are written some turns of the event loop later. What others have asked for
   * until then is divided: its content is each one's own, and heads are taken for alike.
   */
  gather(content: WireBytes, book: (rest: Rest) => void): void {
    this.#gathered = [...this.#gathered, { content, book }];
    this.#gatheredUp = this.#crossed().up;
    this.#gatheredRecordsUp = this.records.up;
    if (this.#gathered.length === 1) afterTurns(turnsUntilWritten, () => this.#divide());
  }

  #divide(): void {
    const sharers = this.#gathered;
    this.#gathered = none;
    const { bytes, records } = this.#attributeGathered();
    const heads = subtractBytes(bytes, sumBytes(sharers.map(({ content }) => content)));
    for (const [index, { content, book }] of sharers.entries()) {
      const share = (whole: number): number =>
        Math.floor((whole * (index + 1)) / sharers.length) -
        Math.floor((whole * index) / sharers.length);
      const shareOf = ({ down, up }: WireBytes): WireBytes => ({
        down: share(down),
        up: share(up),
      });
      book({ bytes: addBytes(content, shareOf(heads)), records: shareOf(records) });
    }
  }

  /** All that has gone down, and what had come up when it was last asked for. */
  #attributeGathered(): Rest {
    let downToCome = 0;
    for (const { writableLength } of this.#delivering) downToCome += writableLength;
    const down = this.#crossed().down + downToCome;
    const bytes = { down: down - this.#down, up: this.#gatheredUp - this.#up };
    this.#down = down;
    this.#up = this.#gatheredUp;
    if (this.#stream === this.#raw) return { bytes, records: noBytes };
    const records = { down: this.records.down, up: this.#gatheredRecordsUp };
    const added = subtractBytes(records, this.#records);
    this.#records = records;
    return { bytes, records: added };
  }

  #crossed(): WireBytes {
    return subtractBytes(crossed(this.#raw), this.#handshake);
  }
}

/** Who has asked for the rest of a connection, with how much of it is known to be theirs. */
interface Sharer {
  readonly content: WireBytes;
  readonly book: (rest: Rest) => void;
}

/** What nobody has had attributed before. */
interface Rest {
  readonly bytes: WireBytes;
  /** How many of them TLS added. */
  readonly records: WireBytes;
}

/** An answer's head, its body and its end are written one after the other, each when the one before has been. */
const turnsUntilWritten = 4;

function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns === 1 ? then() : afterTurns(turns - 1, then)));
}

/** What TLS adds to one write; taken back with it. */
function recordFor(bytes: number): number {
  return Math.sign(bytes) * recordBytes;
}

/** The fewest bytes that carry so many: a record holds 16 KiB at most (RFC 8446, 5.1). */
function inFullRecords(bytes: number): number {
  return bytes + Math.ceil(bytes / 16_384) * recordBytes;
}

/** The bytes of alerts in what TLS has added: all other records add no more than their heads and tags. */
function alertsIn(records: number): number {
  return ((records % recordBytes) / (alertBytes % recordBytes)) * alertBytes;
}

function crossed(socket: Socket): WireBytes {
  return { down: socket.bytesWritten, up: socket.bytesRead };
}

function add(total: Bytes, { down, up }: WireBytes): void {
  total.down += down;
  total.up += up;
}
