import type { IncomingMessage } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import { answerFraming, frameHeadBytes, isHttp2Stream } from "./answer-framing.ts";
import type { Sized } from "./answer-framing.ts";
import { browserClients, connectInPage, layersWithoutInBrowser } from "./browser/in-page.ts";
import { channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { readFairly } from "./fair-reading.ts";
import { serveHttp } from "./http-service.ts";
import { refuse, refuseUpgrade } from "./refuse.ts";
import type { UpgradedStream } from "./refuse.ts";
import { patienceMs } from "./heartbeats.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { isGuarded } from "./guards.ts";
import { guardLayers, http2Layers, isHttp2 } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { closingMs, limitedFrames } from "./limited-frames.ts";
import { duration } from "./option-values.ts";
import { PartialMessages } from "./partial-messages.ts";
import { slowOptions } from "./slow-policy.ts";
import type { SlowPolicy } from "./slow-policy.ts";
import { websocketTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { maxMessageBytes } from "./transport.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { asHandshake } from "./websocket-accept.ts";
import { connectWs } from "./websocket-client.ts";
import { MessageStream, deflateOptions, watchMessages } from "./websocket-deflate.ts";
import { connectLeanWebSocket } from "./websocket-lean.ts";
import { connectUndiciWebSocket } from "./websocket-undici.ts";
import { gapNotice } from "./websocket-gap.ts";
import { pingsIn } from "./websocket-pings.ts";
import { Subscriptions } from "./subscriptions.ts";

/*
 * The wire format, after the handshake at `/ws/:channel`:
 *
 *   down: `12`        the first text frame, the hello: message 13 comes next
 *         payload     a text frame for each message, in order; each counts one up
 *   up:   payload     a text frame for each message
 *
 * Payloads that are bytes, and not text, travel in binary frames.
 *
 * A client resumes with `?after=12`; a hello with a higher number means a gap. The server pings. Where it leaves messages
 * out, a pong with `gap 30` says that message 31 comes next.
 */

/** WebSocket (RFC 6455), without compression unless a layer asks for it. */
export const websocket: AnyTransport = defineTransport({
  name: "websocket",
  title: "WebSocket",
  aliases: ["ws", "websockets"],
  summary: "WebSocket, uncompressed without +deflate; over HTTP/2 opened by bench, framed by ws",
  delivery: "push",
  binary: true,
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(30_000),
    ...logOptions,
    ...slowOptions,
  }),
  shorthand: "heartbeatMs",
  heartbeat: "heartbeatMs",
  idleCycleMs: (options) => options.heartbeatMs,
  layers: ["deflate", "threshold", "headers", ...http2Layers, ...guardLayers],
  theory: (_options, layers) => websocketTheory(layers),
  heartbeatsIn: pingsIn,
  wireForm: () => ({
    ask: { method: "GET", path: "/ws/{channel}" },
    up: { by: "frames", message: "{text}" },
  }),
  serve: serveWebSockets,
  // It offers compression by itself, but compresses nothing that it sends. Over HTTP/2 it insists on a
  // Sec-WebSocket-Accept, of which servers know nothing there (RFC 8441, section 5).
  layersWithout: {
    undici: ["deflate", "threshold", "headers", ...http2Layers],
    lean: ["deflate", "threshold", ...http2Layers],
    ...layersWithoutInBrowser,
  },
  inBrowser: browserClients,
  onlyReceives: ["lean"],
  clients: {
    default: connectWs,
    undici: connectUndiciWebSocket,
    lean: connectLeanWebSocket,
    ...connectInPage((_options, { http2 }) => ({
      kind: "web-socket" as const,
      ...(http2 !== undefined && { overHttp2: true as const }),
    })),
  },
  async prepare(client, _options, layers) {
    if (client in browserClients) return;
    if (client === "undici") await import("./undici-web.ts");
    if (isHttp2(layers)) await import("./websocket-connect.ts");
  },
});

interface Options extends LogOptions, SlowPolicy {
  heartbeatMs: number;
}

interface Peer {
  readonly webSocket: WebSocket;
  readonly stream: UpgradedStream;
  /** Pings whose pong hasn't come. */
  unanswered: number;
  /** Ends the client; undefined while no ping is unanswered. */
  overdue: NodeJS.Timeout | undefined;
}

const route = new RegExp(`^/ws/(${channelPattern})(?:\\?(.*))?$`);
const maskBytes = 4;

/** The most pieces of one message: pieces of the largest message then have 512 bytes on average. */
const maxPieces = 16_384;

function serveWebSockets(
  listener: Listener,
  handlers: ServerHandlers,
  options: Options,
  layers: Layers,
): TransportServer {
  const overHttp2 = listener.isHttp2;
  const isDeflated = layers.deflate !== undefined;
  /** What is published now; what has come up as bytes goes down as bytes. */
  let isBinary = listener.binary;
  // Frames are encoded once, for all, and written to the socket that the WebSocket runs on. Where they are
  // compressed, `ws` makes others of them, for each client.
  const subscriptions = new Subscriptions(listener, options, (payload) => frame(payload, isBinary));
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: deflateOptions(layers),
    maxPayload: listener.guards.payloadBytes ?? maxMessageBytes,
    ...(isGuarded(listener.guards) && { closeTimeout: closingMs }),
    // Of so small pieces, each takes more memory than it has bytes.
    maxBufferedChunks: maxPieces,
    maxFragments: maxPieces,
  });
  if (overHttp2) {
    // It would answer by HTTP/1.1.
    server.on("wsClientError", ({ message }, stream) => {
      if (isHttp2Stream(stream)) refuseUpgrade(stream, "400 Bad Request", message);
    });
  }
  const partialMessages = new PartialMessages();
  /** Over HTTP/2, where connections outlive them. */
  const streams = new Set<UpgradedStream>();
  const framing = answerFraming(overHttp2);
  const pingBytes = 2 + (overHttp2 ? frameHeadBytes : 0);

  // A ping that is unanswered when the next is due is one too many.
  const { heartbeatMs } = options;
  let heartbeats: Heartbeats = { everyMs: heartbeatMs, timeoutMs: heartbeatMs, missesAllowed: 0 };

  const beat = (peer: Peer): void => {
    // It has just been given up.
    if (peer.webSocket.readyState !== WebSocket.OPEN) return;
    peer.overdue ??= setTimeout(() => peer.webSocket.terminate(), patienceMs(heartbeats));
    peer.unanswered += 1;
    peer.webSocket.ping();
    listener.attribute(peer.stream, "underWay", pingBytes, 0);
  };

  /** Attributes pings together with a pong; a pong that nobody asked for, by itself. */
  const settle = (peer: Peer, pings: number, bytesUp: number): void => {
    const bytesDown = pings * pingBytes;
    peer.unanswered -= pings;
    clearTimeout(peer.overdue);
    peer.overdue = undefined;
    const { stream } = peer;
    listener.attribute(stream, "underWay", -bytesDown, 0);
    listener.attribute(stream, "heartbeats", bytesDown, bytesUp);
  };

  const subscribe = (
    name: string,
    after: string | null,
    handshake: IncomingMessage,
    head: Buffer,
    socket: UpgradedStream,
    bucket: TokenBucket | null,
  ): void => {
    server.handleUpgrade(handshake, socket, head, (ws) => {
      const stream = isDeflated ? new MessageStream(ws) : socket;
      const wireBytes = framing.meter(socket);
      const wrote = (frame: Sized): void => listener.attributeDelivery(socket, wireBytes(frame));
      if (overHttp2 && isDeflated) watchMessages(socket, wrote);
      const { leave } = subscriptions.add(name, after, {
        stream,
        greet(cursor) {
          const hello = frame(Buffer.from(String(cursor)), false);
          const setUp = (): void => listener.attributeRest(socket, "setUp");
          if (isDeflated) stream.write(hello, setUp);
          else {
            socket.write(hello);
            setUp();
          }
        },
        // Nothing may follow a close frame.
        isOpen: () => ws.readyState === WebSocket.OPEN,
        ...(overHttp2 && !isDeflated && { wrote }),
        skipped(cursor) {
          const notice = gapNotice(cursor);
          if (overHttp2 && !isDeflated) wrote(notice);
          stream.write(notice);
        },
      });
      const peer: Peer = {
        webSocket: ws,
        stream: socket,
        unanswered: 0,
        overdue: undefined,
      };
      if (overHttp2) streams.add(socket);
      const timer = setInterval(beat, heartbeats.everyMs, peer);
      let received = 0;
      /** How many of the bytes belong to whole messages. */
      let understood = 0;
      const [receive] = socket.listeners("data");
      socket.removeAllListeners("data");
      const read = (piece: Buffer): void => {
        // Behind a close frame or a broken one, nothing is read any more.
        if (receive === undefined || ws.readyState !== WebSocket.OPEN) return;
        received += piece.length;
        Reflect.apply(receive, socket, [piece]);
        partialMessages.track(socket, received - understood);
      };
      const take = bucket === null ? read : limitedFrames(ws, bucket, read);
      readFairly(socket, take, overHttp2 ? 0 : undefined);
      ws.on("message", (payload: Buffer, asBinary) => {
        const bytesUp = isDeflated ? received - understood : frameBytes(payload.length) + maskBytes;
        understood = received;
        isBinary = asBinary;
        listener.attribute(socket, "upstream", 0, bytesUp);
        // It has been inflated since its last piece came.
        if (isDeflated) partialMessages.track(socket, 0);
        handlers.message(name, payload);
      });
      ws.on("ping", (data: Buffer) => {
        understood += frameBytes(data.length) + maskBytes;
      });
      ws.on("pong", (data: Buffer) => {
        understood += frameBytes(data.length) + maskBytes;
        settle(peer, Math.min(1, peer.unanswered), frameBytes(data.length) + maskBytes);
      });
      // A broken frame or a reset ends this client only; `close` follows.
      ws.on("error", () => {});
      ws.on("close", () => {
        clearInterval(timer);
        streams.delete(socket);
        if (peer.unanswered > 0) settle(peer, peer.unanswered, 0);
        leave();
      });
    });
  };

  serveHttp(listener, {
    request(_request, response) {
      const reason = "this server speaks WebSocket, at /ws/:channel";
      // With HTTP/2 there is nothing to upgrade.
      if (overHttp2) return refuse(response, 405, reason, { Allow: "CONNECT" });
      refuse(response, 426, reason, { Connection: "Upgrade", Upgrade: "websocket" });
    },
    upgrade(request, head, stream, bucket) {
      const [, name, query] = route.exec(request.url ?? "") ?? [];
      if (name === undefined) return refuseUpgrade(stream, "404 Not Found", "use /ws/:channel");
      const after = new URLSearchParams(query).get("after");
      const refusal = subscriptions.refused(name, after);
      if (refusal !== null) return refuseUpgrade(stream, "400 Bad Request", refusal);
      const handshake = isHttp2Stream(stream) ? asHandshake(request, stream, layers) : request;
      subscribe(name, after, handshake, head, stream, bucket);
    },
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    heartbeats: (set) => void (heartbeats = set),
    ...(overHttp2 && { clientStreams: () => streams }),
    room: (name) => subscriptions.room(name),
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

/** A final, unmasked frame. */
function frame(payload: Buffer, isBinary: boolean): Buffer {
  const { length } = payload;
  const frame = Buffer.allocUnsafe(frameBytes(length));
  frame[0] = isBinary ? 0x82 : 0x81;
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
