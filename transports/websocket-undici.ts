import type { Duplex } from "node:stream";
import type { CloseEvent, MessageEvent, WebSocket } from "undici";
import { HttpClient, loadHttpClient, reasonOf, unbounded } from "./http-client.ts";
import {
  ProtocolError,
  asError,
  closeError,
  endedByServer,
  expectedNumber,
  notReading,
  subscribeError,
  unexpectedStatus,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";
import { watchedDispatcher } from "./watched-dispatcher.ts";
import { helloOf, notUpgraded } from "./websocket-client.ts";

/** The `WebSocket` of undici; it always offers permessage-deflate, which a server may decline. */
export async function connectUndiciWebSocket(
  target: Target,
  handlers: ClientHandlers,
): Promise<Connection> {
  await loadHttpClient();
  const { WebSocket } = await import("./undici-web.ts");
  const stream = new WatchedStream();
  const dial = (): Duplex => stream.watch(target.dial());
  const client = new HttpClient({ ...target, dial }, { keepAliveMs: 1_000 }, unbounded, handlers);
  const resume = target.after === undefined ? "" : `?after=${target.after}`;
  const webSocket = new WebSocket(new URL(`/ws/${target.channel}${resume}`, target.url), {
    dispatcher: watchedDispatcher(client, stream),
  });
  webSocket.binaryType = "arraybuffer";
  const connection = new UndiciConnection(webSocket, stream, client, target.binary === true);
  return await new Promise((resolve, reject) => {
    const greet = ({ data }: Received): void => {
      try {
        const isText = typeof data === "string";
        connection.cursor = isText
          ? expectedNumber(data, "the hello")
          : helloOf(Buffer.from(data), true);
      } catch (error) {
        return stream.fail(asError(error));
      }
      const missed = connection.cursor - (target.after ?? connection.cursor);
      if (missed > 0) handlers.gap(missed);
      resolve(connection);
    };
    webSocket.addEventListener("message", (event: Received) => {
      if (connection.cursor < 0) return greet(event);
      connection.cursor += 1;
      const { data } = event;
      handlers.message(typeof data === "string" ? data : Buffer.from(data));
    });
    webSocket.addEventListener("open", () => stream.opened(webSocket));
    webSocket.addEventListener("close", (event) => {
      if (connection.isDisposed) return;
      const failure = stream.failureOf(event);
      void connection.end();
      if (connection.cursor >= 0) handlers.closed(failure.message);
      else reject(subscribeError(failure, stream.received));
    });
  });
}

type Received = MessageEvent<string | ArrayBuffer>;

/** What the stream tells of its end, of which undici's events say nothing. */
class WatchedStream {
  /** What was received before the hello, for the error message if none comes. */
  received = "no answer to the handshake";
  #failure: Error | undefined;
  #hasHead = false;
  #stream: Duplex | undefined;

  watch(stream: Duplex): Duplex {
    this.#stream = stream;
    return stream.once("error", (error) => {
      this.failed(reasonOf(error, this.#hasHead));
    });
  }

  head(status: number, header: Header): void {
    this.#hasHead = true;
    if (status >= 200) return this.fail(unexpectedStatus(status, header));
    this.received = `no more than status ${status}`;
    if (status !== 101) return;
    this.received = "an answer to the handshake, with status 101";
    if (header("upgrade")?.toLowerCase() !== "websocket") this.fail(notUpgraded());
  }

  opened(webSocket: WebSocket): void {
    this.received = "an answer to the handshake, but no text frame";
    // undici waits for the server's end without a limit, and has read what arrived when this is called.
    this.#stream?.on("data", () => {
      if (webSocket.readyState === webSocket.CLOSING) this.#stream?.end(() => this.destroy());
    });
  }

  /** Of a body, which no answer has that opens a WebSocket. */
  chunk(): void {}

  failed(error: Error): void {
    this.#failure ??= error;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.destroy();
  }

  destroy(): void {
    this.#stream?.destroy();
  }

  failureOf({ code, reason }: CloseEvent): Error {
    if (this.#failure !== undefined) return this.#failure;
    if (code !== noCloseFrame) return closeError(code, reason);
    if (this.#stream?.readableEnded === true) return new Error(endedByServer);
    return new ProtocolError("frames that undici's WebSocket refuses");
  }
}

/** RFC 6455, section 7.4.1. */
const noCloseFrame = 1006;

class UndiciConnection implements Connection {
  /** Below zero before the hello. */
  cursor = -1;
  isDisposed = false;
  readonly #webSocket: WebSocket;
  readonly #stream: WatchedStream;
  readonly #client: HttpClient;
  readonly #binary: boolean;

  constructor(webSocket: WebSocket, stream: WatchedStream, client: HttpClient, binary: boolean) {
    this.#binary = binary;
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#client = client;
  }

  send(payload: Buffer): void {
    this.#webSocket.send(this.#binary ? payload : payload.toString());
    if (this.#webSocket.bufferedAmount > maxWaitingBytes) this.#stream.fail(notReading());
  }

  async end(): Promise<void> {
    this.#stream.destroy();
    await this.#client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    await this.end();
  }
}
