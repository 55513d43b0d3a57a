import { connect } from "node:net";
import type { Socket } from "node:net";
import type { TlsClient } from "../layers/tls.ts";
import type { ReadChunk } from "../../transports/transport.ts";
import { byForwardProxy, overTunnel } from "./forward-proxy.ts";
import type { ByForwardProxy, ReadAnswer } from "./forward-proxy.ts";
import { pauseReading, stopReading } from "./reading.ts";
import { formatMs } from "../../transports/option-values.ts";

/**
 * How long a client may take to be subscribed. A full accept backlog shows as connects that take 1, 3 or 7
 * seconds; longer is a failure.
 */
export const subscribeMs = 10_000;

/** How long a client may take to report that its sockets have failed. */
const graceMs = 100;

/**
 * What is read directly is read into this memory, by all sockets in turn: the kernel is asked for as much at once, and
 * nothing is allocated for it.
 */
const sharedChunk = Buffer.allocUnsafeSlow(65_536);

/** A reader as Node calls it, which reads on where that returns true. */
function callingBack(read: ReadChunk): (length: number) => boolean {
  return (length) => {
    read(sharedChunk, length);
    return true;
  };
}

/** Where a server listens, and how it is asked for. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** In requests, without a path. */
  readonly url: string;
  /** Where a forward proxy listens there: how it is told of the server, which is that of `url`. */
  readonly by?: ByForwardProxy["by"];
}

/** Dials a server, or the forward proxy that it is named to. */
export function diallerOf(server: ServerAddress, tls: TlsClient | null, from?: string): Dialler {
  const { host, port, url, by } = server;
  const forward = by === undefined ? null : { authority: new URL(url).host, by };
  return new Dialler(host, port, tls, from, forward);
}

/** How a server of the harness is asked for by its address. */
export function urlAt(host: string, port: number, isSecure = false): URL {
  return new URL(`${isSecure ? "https" : "http"}://${host}:${port}`);
}

/**
 * Dials the server for one client and keeps what it dialled, so that the client can be ended with a
 * reset: a polite close would leave a port in TIME_WAIT for a minute.
 */
export class Dialler {
  readonly #host: string;
  readonly #port: number;
  readonly #tls: TlsClient | null;
  /** Whatever the system gives when left out. */
  readonly #from: string | undefined;
  /** Null where it dials the server. */
  readonly #forward: ByForwardProxy | null;
  /** Nearly always one; those that are closed are forgotten at the next dial. */
  #sockets: Socket[] = [];
  /** What has come in by those that are forgotten. */
  #forgottenBytes = 0;
  /** What has gone out by them. */
  #forgottenSentBytes = 0;
  /** What clients read: the sockets, or TLS over them. */
  #streams: Socket[] = [];
  /** Whether what arrives passes by the streams. */
  #isDirect = false;
  /** Has those read again that have stopped; null where none has. */
  #stopped: (() => void)[] | null = null;
  #failure: Error | null = null;

  /** `from` is the address that it dials from. */
  constructor(
    host: string,
    port: number,
    tls: TlsClient | null = null,
    from?: string,
    forward: ByForwardProxy | null = null,
  ) {
    this.#host = host;
    this.#port = port;
    this.#tls = tls;
    this.#from = from;
    this.#forward = forward;
  }

  /** Where `read` is given, it gets what arrives, and the stream emits no `data`: see `Target.dial`. */
  dial(read?: ReadChunk): Socket {
    const isDirect = read !== undefined && this.#tls === null;
    const forward = this.#forward;
    let answered: ReadAnswer | null = null;
    const readBehind =
      forward === null
        ? null
        : (chunk: Buffer, length: number): void => {
            const rest = answered?.(chunk.subarray(0, length)) ?? null;
            if (rest !== null) read?.(rest, rest.length);
          };
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      ...(this.#from !== undefined && { localAddress: this.#from }),
      ...(isDirect && {
        onread: {
          buffer: sharedChunk,
          callback: callingBack(readBehind ?? read),
        },
      }),
    });
    for (const { closed, bytesRead, bytesWritten } of this.#sockets) {
      if (!closed) continue;
      this.#forgottenBytes += bytesRead;
      this.#forgottenSentBytes += bytesWritten;
    }
    this.#sockets = withOne(this.#open(), socket);
    // A client that dials once more is no better.
    if (this.#failure !== null) socket.destroy(this.#failure);
    if (forward !== null) answered = byForwardProxy(socket, forward, this.#tls !== null);
    const stream = this.#tls?.over(forward === null ? socket : overTunnel(socket)) ?? socket;
    // TLS tells it of a socket only.
    if (forward !== null && stream !== socket) {
      socket.once("connect", () => stream.emit("connect"));
    }
    if (read !== undefined && !isDirect) {
      stream.on("data", (chunk: Buffer) => read(chunk, chunk.length));
    }
    this.#streams =
      stream === socket
        ? this.#sockets
        : withOne(
            this.#streams.filter(({ closed }) => !closed),
            stream,
          );
    this.#isDirect = isDirect;
    this.#stopped?.push(this.#stop(stream));
    return stream;
  }

  /** Leaves everything unread from here on. */
  stopReading(): void {
    this.#stopped ??= this.#streams.map((stream) => this.#stop(stream));
  }

  #stop(stream: Socket): () => void {
    return this.#isDirect ? pauseReading(stream) : stopReading(stream);
  }

  /** Reads again. */
  readOn(): void {
    const stopped = this.#stopped ?? [];
    this.#stopped = null;
    for (const resume of stopped) resume();
  }

  /** What has come in so far. */
  get heardBytes(): number {
    return this.#sockets.reduce((sum, socket) => sum + socket.bytesRead, this.#forgottenBytes);
  }

  /** What has gone out so far. */
  get sentBytes(): number {
    return this.#sockets.reduce(
      (sum, socket) => sum + socket.bytesWritten,
      this.#forgottenSentBytes,
    );
  }

  /** Resolves when every socket is closed. */
  async reset(): Promise<void> {
    await resetAll(this.#open());
  }

  /**
   * The outcome of `connecting`, which dials here, if it comes within `limitMs`, whatever the server sends
   * meanwhile. After that every socket fails, as the kernel would let it after minutes; a client that doesn't
   * say so at once is given up.
   */
  async within<T>(
    limitMs: number,
    connecting: () => Promise<T>,
    lateness: () => Error = () => notSubscribed(limitMs),
  ): Promise<T> {
    const given: { timer?: NodeJS.Timeout } = {};
    const late = new Promise<never>((_resolve, reject) => {
      given.timer = setTimeout(() => {
        const error = lateness();
        this.fail(error);
        given.timer = setTimeout(reject, graceMs, error);
      }, limitMs);
    });
    try {
      return await Promise.race([connecting(), late]);
    } finally {
      clearTimeout(given.timer);
    }
  }

  /** Resolves when every socket is closed, by either side. */
  async closed(): Promise<void> {
    await allClosed(this.#open());
  }

  /** Fails every socket, and those that the client dials afterwards. */
  fail(why: Error): void {
    this.#failure = why;
    for (const socket of this.#open()) socket.destroy(why);
  }

  #open(): Socket[] {
    return this.#sockets.filter((socket) => !socket.closed);
  }
}

/** All of them, in an array that has no room for more: of these there is one for each client. */
function withOne(open: readonly Socket[], another: Socket): Socket[] {
  return open.length === 0 ? [another] : [...open, another];
}

function notSubscribed(limitMs: number): Error {
  const why = `not subscribed within ${formatMs(limitMs)}`;
  return Object.assign(new Error(why), { code: "ETIMEDOUT" });
}

/** How many of `wanted` connections are accepted, open all at once, within 10 s; none of them is left. */
export async function countOpenable(host: string, port: number, wanted: number): Promise<number> {
  const sockets = Array.from({ length: wanted }, () =>
    connect({ host, port, timeout: subscribeMs }),
  );
  const opened = await Promise.all(sockets.map(isConnected));
  await resetAll(sockets);
  return opened.filter(Boolean).length;
}

function isConnected(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("timeout", () => resolve(false));
    socket.on("error", () => resolve(false));
  });
}

/** Ends sockets as a machine does that is switched off; resolves when all of them are closed. */
export async function resetAll(sockets: readonly Socket[]): Promise<void> {
  const open = sockets.filter((socket) => !socket.closed);
  const closed = allClosed(open);
  for (const socket of open) {
    // The kernel refuses to reset what is being ended, and such a socket never closes; one on its way to
    // nowhere would first be connected.
    if (socket.writable && !socket.connecting && !isSecure(socket)) socket.resetAndDestroy();
    else socket.destroy();
  }
  await closed;
}

/** Node can reset what TLS runs on, but not through it. */
function isSecure(socket: Socket): boolean {
  return "encrypted" in socket;
}

async function allClosed(open: readonly Socket[]): Promise<void> {
  await Promise.all(open.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
}
