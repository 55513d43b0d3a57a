import type { IncomingMessage } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import { channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { refuse, refuseUpgrade, serveHttp } from "./http-service.ts";
import { duration } from "./option-values.ts";
import {
  ProtocolError,
  asError,
  closeError,
  expectedNumber,
  normalizedError,
  notReading,
  quoted,
  unexpectedStatus,
  tooLong,
  subscribeError,
} from "./protocol-error.ts";
import { websocketTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import { maxMessageBytes, maxWaitingBytes } from "./transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import type {
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  TransportServer,
} from "./transport.ts";
import { readFairly } from "./fair-reading.ts";
import { PartialMessages } from "./partial-messages.ts";
import { pingsIn } from "./websocket-pings.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Duplex } from "node:stream";

/*
 * The wire format, after the handshake at `/ws/:channel`:
 *
 *   down: `12`        the first text frame, the hello: message 13 comes next
 *         payload     a text frame for each message, in order; each counts one up
 *   up:   payload     a text frame for each message
 *
 * A client resumes with `?after=12`; a hello with a higher number tells a gap. The server pings.
 */

/** WebSocket (RFC 6455) without compression. */
export const websocket: AnyTransport = defineTransport({
  name: "websocket",
  title: "WebSocket",
  aliases: ["ws", "websockets"],
  summary: "WebSocket, uncompressed",
  delivery: "push",
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(30_000),
    ...logOptions,
  }),
  shorthand: "heartbeatMs",
  idleCycleMs: (options) => options.heartbeatMs,
  theory: () => websocketTheory,
  heartbeatsIn: pingsIn,
  serve: serveWebSockets,
  clients: { default: connectWs },
});

interface Options extends LogOptions {
  heartbeatMs: number;
}

interface Peer {
  readonly webSocket: WebSocket;
  readonly stream: Duplex;
  /** False while a ping is unanswered. */
  alive: boolean;
}

const route = new RegExp(`^/ws/(${channelPattern})(?:\\?(.*))?$`);
const pingBytes = 2;
const maskBytes = 4;

/** Of one message; a piece has 512 bytes on average, then, of the largest one. */
const maxPieces = 16_384;

function serveWebSockets(
  listener: Listener,
  handlers: ServerHandlers,
  options: Options,
): TransportServer {
  // Frames are encoded once, for all, and written to the socket that the WebSocket runs on.
  const subscriptions = new Subscriptions(options, textFrame);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    // Of so small pieces, each takes more memory than it has bytes.
    maxBufferedChunks: maxPieces,
    maxFragments: maxPieces,
  });
  const partialMessages = new PartialMessages();

  const beat = (peer: Peer): void => {
    if (!peer.alive) return peer.webSocket.terminate();
    peer.alive = false;
    peer.webSocket.ping();
    listener.attribute(peer.stream, "underWay", pingBytes, 0);
  };

  /** Attributes a ping together with its pong; a pong that nobody asked for, by itself. */
  const settle = (peer: Peer, bytesUp: number): void => {
    const bytesDown = peer.alive ? 0 : pingBytes;
    peer.alive = true;
    const { stream } = peer;
    listener.attribute(stream, "underWay", -bytesDown, 0);
    listener.attribute(stream, "heartbeats", bytesDown, bytesUp);
  };

  const subscribe = (
    name: string,
    after: string | null,
    request: IncomingMessage,
    head: Buffer,
  ): void => {
    const { socket } = request;
    server.handleUpgrade(request, socket, head, (ws) => {
      const { leave } = subscriptions.add(name, after, {
        stream: socket,
        greet(cursor) {
          socket.write(textFrame(Buffer.from(String(cursor))));
          listener.attributeRest(socket, "setUp");
        },
        // Nothing may follow a close frame.
        isOpen: () => ws.readyState === WebSocket.OPEN,
      });
      const peer: Peer = { webSocket: ws, stream: socket, alive: true };
      const heartbeats = setInterval(beat, options.heartbeatMs, peer);
      let received = 0;
      /** Of them, those of whole messages. */
      let understood = 0;
      const [receive] = socket.listeners("data");
      socket.removeAllListeners("data");
      readFairly(socket, (piece) => {
        // Behind a close frame or a broken one, nothing is read any more.
        if (receive === undefined || ws.readyState !== WebSocket.OPEN) return;
        received += piece.length;
        Reflect.apply(receive, socket, [piece]);
        partialMessages.track(socket, received - understood);
      });
      ws.on("message", (payload: Buffer) => {
        understood = received;
        listener.attribute(socket, "upstream", 0, frameBytes(payload.length) + maskBytes);
        handlers.message(name, payload);
      });
      ws.on("ping", (data: Buffer) => {
        understood += frameBytes(data.length) + maskBytes;
      });
      ws.on("pong", (data: Buffer) => {
        understood += frameBytes(data.length) + maskBytes;
        settle(peer, pingBytes + maskBytes);
      });
      // A broken frame or a reset ends this client only; `close` follows.
      ws.on("error", () => {});
      ws.on("close", () => {
        clearInterval(heartbeats);
        if (!peer.alive) settle(peer, 0);
        leave();
      });
    });
  };

  serveHttp(listener, {
    request(_request, response) {
      const reason = "this server speaks WebSocket, at /ws/:channel";
      refuse(response, 426, reason, { Connection: "Upgrade", Upgrade: "websocket" });
    },
    upgrade(request, head) {
      const { socket } = request;
      const [, name, query] = route.exec(request.url ?? "") ?? [];
      if (name === undefined) return refuseUpgrade(socket, "404 Not Found", "use /ws/:channel");
      const after = new URLSearchParams(query).get("after");
      const refusal = subscriptions.refused(name, after);
      if (refusal !== null) return refuseUpgrade(socket, "400 Bad Request", refusal);
      subscribe(name, after, request, head);
    },
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}

/** Bytes of an unmasked frame: RFC 6455, section 5.2. */
function frameBytes(payloadBytes: number): number {
  if (payloadBytes < 126) return payloadBytes + 2;
  return payloadBytes + (payloadBytes < 65_536 ? 4 : 10);
}

/** A final, unmasked text frame. */
function textFrame(payload: Buffer): Buffer {
  const { length } = payload;
  const frame = Buffer.allocUnsafe(frameBytes(length));
  frame[0] = 0x81;
  if (length < 126) {
    frame[1] = length;
  } else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, frame.length - length);
  return frame;
}

/** A server that has said goodbye and keeps the connection is left after so many milliseconds. */
const closingMs = 500;

function connectWs(target: Target, handlers: ClientHandlers): Promise<Connection> {
  const resume = target.after === undefined ? "" : `?after=${target.after}`;
  const options = {
    createConnection: () => target.dial(),
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    closeTimeout: closingMs,
    // `ws` would hang up without a word, and the server seem to have done it: see `bound`.
    maxPendingAutoPongs: 0,
  };
  const url = new URL(`/ws/${target.channel}${resume}`, target.url);
  const webSocket = new WebSocket(url, options);
  let failure: Error | undefined;
  const end = (error: Error): void => {
    failure ??= error;
    webSocket.terminate();
  };
  const connection = new WsConnection(webSocket, end);
  return new Promise((resolve, reject) => {
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
    webSocket.once("upgrade", ({ socket }) => {
      received = "an answer to the handshake, with status 101";
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
    webSocket.on("pong", () => connection.count());
    webSocket.on("unexpected-response", (_request, { statusCode = 0, headers }) =>
      end(
        statusCode === 101
          ? new ProtocolError(
              "status 101, but without Upgrade: websocket and Connection: Upgrade",
              101,
            )
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

/** The number in the first frame; throws a `ProtocolError` where that is something else. */
function helloOf(payload: Buffer, isBinary: boolean): number {
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
  /** Of pings and pongs, which most connections see few of. */
  #flood: FloodDetector | undefined;

  constructor(webSocket: WebSocket, end: (error: Error) => void) {
    this.#webSocket = webSocket;
    this.#end = end;
  }

  send(payload: Buffer): void {
    this.#webSocket.send(payload, { binary: false });
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
    await terminated(this.#webSocket);
  }
}

async function terminated(webSocket: WebSocket): Promise<void> {
  if (webSocket.readyState === WebSocket.CLOSED) return;
  await new Promise((resolve) => {
    webSocket.once("close", resolve);
    webSocket.terminate();
  });
}
