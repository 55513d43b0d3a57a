import type { ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { isHttp2Stream } from "./answer-framing.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Listener } from "./transport.ts";

/** ENHANCE_YOUR_CALM (RFC 9113, section 7). Node's module of HTTP/2 has it, too, and most servers don't load that. */
const enhanceYourCalm = 0xb;

/** How long a connection that is one too many may take to ask, so that it can be told, in milliseconds. */
const tellingMs = 5_000;

/** A connection of a server with limits. */
export class GuardedConnection {
  /** Whether its address had as many as it may before. */
  readonly isExcess: boolean;
  /** What may come on it; null without a limit. */
  readonly bucket: TokenBucket | null;
  #unasked: NodeJS.Timeout | undefined;

  constructor(isExcess: boolean, perSecond: number | undefined) {
    this.isExcess = isExcess;
    this.bucket = perSecond === undefined ? null : new TokenBucket(perSecond);
  }

  /** Calls `end` after a while in which nothing has been asked for. */
  wait(forMs: number, end: () => void): void {
    this.asked();
    if (forMs < Infinity) this.#unasked = setTimeout(end, forMs);
  }

  /** Something has been asked for, or there is nobody to ask any more. */
  asked(): void {
    clearTimeout(this.#unasked);
  }
}

/** What is kept of each connection for as long as it is there. Ends those on which nobody asks for anything. */
export class GuardedConnections {
  readonly #listener: Listener;
  readonly #connections = new WeakMap<object, GuardedConnection>();

  constructor(listener: Listener) {
    this.#listener = listener;
    const { http, isHttp2 } = listener;
    if (!isHttp2) http.on("connection", (socket: Duplex) => this.#watchSocket(socket));
    else http.on("session", (session: ServerHttp2Session) => this.#watchSession(session));
  }

  /** That of a request: by its socket, or its stream of HTTP/2. */
  of(stream: Duplex): GuardedConnection {
    const carrier = isHttp2Stream(stream) ? stream.session : stream;
    const known = carrier && this.#connections.get(carrier);
    // It has just closed.
    return known ?? new GuardedConnection(false, this.#listener.guards.perSecond);
  }

  #begin(carrier: object, address: unknown): GuardedConnection {
    const { perAddress = Infinity, perSecond } = this.#listener.guards;
    const isExcess = this.#listener.connectionsFrom(String(address)) > perAddress;
    const connection = new GuardedConnection(isExcess, perSecond);
    this.#connections.set(carrier, connection);
    return connection;
  }

  #watchSocket(socket: Duplex): void {
    const { requestMs, idleMs = Infinity } = this.#listener.guards;
    const connection = this.#begin(socket, Reflect.get(socket, "remoteAddress"));
    const before = bytesFrom(socket);
    connection.wait(connection.isExcess ? Math.min(idleMs, tellingMs) : idleMs, () => {
      // Node sees to the time that a request takes, and answers it.
      if (requestMs === undefined || bytesFrom(socket) === before) socket.destroy();
    });
    socket.once("close", () => connection.asked());
  }

  /** Node limits no times of HTTP/2. */
  #watchSession(session: ServerHttp2Session): void {
    const { requestMs = Infinity, idleMs = Infinity } = this.#listener.guards;
    const connection = this.#begin(session, session.socket.remoteAddress);
    const end = (): void => session.destroy();
    let streams = 0;
    session.on("stream", (stream) => {
      connection.asked();
      streams += 1;
      stream.once("close", () => {
        streams -= 1;
        if (streams === 0 && !session.destroyed) connection.wait(idleMs, end);
      });
    });
    session.once("close", () => connection.asked());
    const { bucket } = connection;
    const count = (): void => {
      if (session.closed || session.destroyed || bucket?.take() !== false) return;
      // RFC 9113, section 10.5.
      session.goaway(enhanceYourCalm);
      session.close();
      // When that has been written.
      setImmediate(end);
    };
    if (bucket !== null) session.on("ping", count).on("remoteSettings", count);
    connection.wait(Math.min(idleMs, connection.isExcess ? tellingMs : requestMs), end);
  }
}

function bytesFrom(socket: Duplex): unknown {
  return Reflect.get(socket, "bytesRead");
}
