import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { ClientOptions } from "ws";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import type { Layers } from "./layers.ts";
import {
  ProtocolError,
  asError,
  closeError,
  expectedNumber,
  normalizedError,
  notReading,
  quoted,
  subscribeError,
  tooLong,
  unexpectedStatus,
} from "./protocol-error.ts";
import { maxMessageBytes, maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";
import { deflateOptions, disagreement } from "./websocket-deflate.ts";
import { gapIn } from "./websocket-gap.ts";

/** How long a server that has sent a close frame may keep the connection, in milliseconds. */
export const closingMs = 500;

export async function connectWs(
  target: Target,
  handlers: ClientHandlers,
  _options: object,
  layers: Layers,
): Promise<Connection> {
  const resume = target.after === undefined ? "" : `?after=${target.after}`;
  let failure: Error | undefined;
  const options = {
    ...(await handshakeWith(target, (why) => (failure ??= why))),
    perMessageDeflate: deflateOptions(layers),
    maxPayload: maxMessageBytes,
    closeTimeout: closingMs,
    // `ws` would hang up without a word, and the server seem to have done it: see `bound`.
    maxPendingAutoPongs: 0,
  };
  const url = new URL(`/ws/${target.channel}${resume}`, target.url);
  const webSocket = new WebSocket(url, options);
  const end = (error: Error): void => {
    failure ??= error;
    webSocket.terminate();
  };
  const connection = new WsConnection(webSocket, end, target.binary === true);
  return await new Promise((resolve, reject) => {
    let received = "no answer to the handshake";
    const greet = (payload: Buffer, isBinary: boolean): void => {
      try {
        connection.cursor = helloOf(payload, isBinary);
      } catch (error) {
        return end(asError(error));
      }
      const missed = connection.cursor - (target.after ?? connection.cursor);
      if (missed > 0) handlers.gap(missed);
      resolve(connection);
    };
    webSocket.on("message", (payload: Buffer, isBinary) => {
      if (connection.cursor < 0) return greet(payload, isBinary);
      connection.cursor += 1;
      handlers.message(payload);
    });
    webSocket.once("upgrade", ({ socket, headers }) => {
      const disagreed = disagreement(layers, headers["sec-websocket-extensions"]);
      if (disagreed !== null) return end(disagreed);
      received = `an answer to the handshake, with status ${target.http2 === undefined ? 101 : 200}`;
      // From here on `ws` keeps it to itself, and what ends it here would look like the server's doing.
      socket.once("error", (error) => {
        failure ??= normalizedError(error);
      });
    });
    webSocket.once("open", () => {
      received = "an answer to the handshake, but no text frame";
    });
    webSocket.on("ping", () => {
      connection.bound();
      connection.count();
    });
    webSocket.on("pong", (data: Buffer) => {
      const missed = (gapIn(data) ?? connection.cursor) - connection.cursor;
      if (connection.cursor >= 0 && missed > 0) {
        connection.cursor += missed;
        handlers.gap(missed);
      }
      connection.count();
    });
    webSocket.on("unexpected-response", (_request, { statusCode = 0, headers }) =>
      end(
        statusCode === 101
          ? notUpgraded()
          : unexpectedStatus(statusCode, (name) => headers[name]?.toString()),
      ),
    );
    webSocket.on("error", (error) => {
      failure ??= isTooLong(error) ? tooLong("a message", maxMessageBytes) : normalizedError(error);
    });
    webSocket.on("close", (code, reason) => {
      failure ??= closeError(code, reason.toString());
      if (connection.cursor >= 0) handlers.closed(failure.message);
      else reject(subscribeError(failure, received));
    });
  });
}

/** How the handshake is made: by `ws`, or where HTTP/2 is spoken by an extended CONNECT. */
async function handshakeWith(
  target: Target,
  cutOff: (why: Error) => void,
): Promise<Pick<ClientOptions, "finishRequest"> & { createConnection(): Duplex | undefined }> {
  const { http2: place } = target;
  if (place === undefined) return { createConnection: () => target.dial() };
  const { extendedConnect } = await import("./websocket-connect.ts");
  return {
    // The session has one.
    createConnection: () => undefined,
    finishRequest: (request) => extendedConnect(request, target, place, cutOff),
  };
}

export function notUpgraded(): ProtocolError {
  return new ProtocolError(
    "status 101, but without Upgrade: websocket and Connection: Upgrade",
    101,
  );
}

/** The number in the first frame; throws a `ProtocolError` where that is something else. */
export function helloOf(payload: Buffer, isBinary: boolean): number {
  if (!isBinary) return expectedNumber(payload.toString(), "the hello");
  throw new ProtocolError(`the hello is a binary frame, ${quoted(payload.toString("latin1"))}`);
}

/** Whether `ws` has found more than `maxPayload` in a message, or more than JavaScript can count. */
function isTooLong(error: Error): boolean {
  return (
    "code" in error &&
    (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" ||
      error.code === "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH")
  );
}

/** A class and not a literal: of these there are as many as clients, and instances take less memory. */
class WsConnection implements Connection {
  /** Below zero before the hello. */
  cursor = -1;
  readonly #webSocket: WebSocket;
  readonly #end: (error: Error) => void;
  readonly #binary: boolean;
  /** Counts pings and pongs; made late, since most connections see few of them. */
  #flood: FloodDetector | undefined;

  constructor(webSocket: WebSocket, end: (error: Error) => void, binary: boolean) {
    this.#binary = binary;
    this.#webSocket = webSocket;
    this.#end = end;
  }

  send(payload: Buffer): void {
    this.#webSocket.send(payload, { binary: this.#binary });
    this.bound();
  }

  /** Ends a connection on which more waits, of messages and pongs, than a server would leave that reads. */
  bound(): void {
    if (this.#webSocket.bufferedAmount > maxWaitingBytes) this.#end(notReading());
  }

  /** Counts a ping or pong; ends a connection on which hardly anything else comes. */
  count(): void {
    this.#flood ??= new FloodDetector();
    if (!this.#flood.exceeds()) return;
    this.#end(new ProtocolError(`more than ${maxPerSecond} pings and pongs within a second`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#webSocket.removeAllListeners("close");
    await terminate(this.#webSocket);
  }
}

async function terminate(webSocket: WebSocket): Promise<void> {
  if (webSocket.readyState === WebSocket.CLOSED) return;
  await new Promise((resolve) => {
    webSocket.once("close", resolve);
    webSocket.terminate();
  });
}
