import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "socket.io";
import { digits } from "./polling-format.ts";
import type { Listener } from "./transport.ts";
import type { ExtraPart } from "./wire-parts.ts";

/** A client as Engine.IO knows it, below Socket.IO. */
export type EngineSocket = Socket["conn"];

/** A packet of Engine.IO: `data` is a packet of Socket.IO, as text or in the form of `socket.io-msgpack-parser`. */
interface Packet {
  readonly type: string;
  readonly data?: string | Buffer;
}

/** Types of packets of Socket.IO; all others belong to set-up. */
const packetEvent = 2;
const packetAck = 3;

const maskBytes = 4;
const pingBytes = 3;

/** What the answer to a poll holds, or a request that sends something up. */
interface Contents {
  messages: number;
  acknowledgements: number;
  heartbeats: number;
  /** The number of the last message that had been handed over with it. */
  newest: number;
  bodyBytes: number;
}

/**
 * Attributes what crosses for one client: over WebSocket each frame by itself, over polling each exchange when its
 * answer has gone out.
 */
export class SocketIoBytes {
  /** The number of the last message that was handed to the transport. */
  newest = 0;
  readonly #listener: Listener;
  readonly #engine: EngineSocket;
  readonly #acknowledges: boolean;
  /** The stream of the WebSocket, once there is one. */
  #stream: Duplex | undefined;
  #isPinged = false;
  #greeting: Packet | undefined;
  /** The answer of the last poll, whether or not it is written, and what it holds. */
  #poll: ServerResponse | undefined;
  readonly #answers = new WeakMap<ServerResponse, Contents>();
  /** What the current request has sent up. */
  #sent = nothing();
  /** Bytes of each message that waits for its acknowledgement. */
  readonly #unacknowledged: number[] = [];

  /** `acknowledges` says whether each message that is sent up gets an acknowledgement, whose bytes count to it. */
  constructor(listener: Listener, engine: EngineSocket, acknowledges: boolean) {
    this.#listener = listener;
    this.#acknowledges = acknowledges;
    this.#engine = engine;
    if (this.#isWebSocket) {
      this.#stream = engine.request.socket;
      listener.attributeRest(this.#stream, "setUp");
    }
    engine.on("flush", (packets: readonly Packet[]) => this.#down(packets));
    engine.on("packet", (packet: Packet) => this.#up(packet));
    engine.on("upgrading", () => this.#attributeHandshake());
    engine.on("upgrade", () => this.#attribute("setUp", 0, frameBytes("5".length) + maskBytes));
    engine.on("close", () => {
      this.#settle(0);
      // Its WebSocket ends by a handshake, for which a client that is dead is waited for another half minute.
      listener.gaveUp(this.stream);
    });
  }

  /** That of the WebSocket, or one of those that polls come on. */
  get stream(): Duplex {
    return this.#stream ?? this.#engine.request.socket;
  }

  /** `emit` sends the hello. */
  greet(emit: () => void): void {
    this.#engine.once("packetCreate", (packet: Packet) => (this.#greeting = packet));
    emit();
  }

  /** A request to upgrade has come. */
  upgrading(request: IncomingMessage): void {
    this.#stream = request.socket;
  }

  /** A request of this client has come; `response` will be its answer. */
  exchange(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "GET") this.#poll = response;
    else this.#sent = nothing();
    const sent = this.#sent;
    response.once("finish", () => {
      if (request.method === "GET") this.#attributeAnswer(request.socket, response);
      else this.#attributeSent(request.socket, sent);
    });
  }

  /** Ends a client that doesn't read. */
  cutOff(): void {
    this.#stream?.destroy();
    this.#engine.close(true);
  }

  get #isWebSocket(): boolean {
    return this.#engine.transport.name === "websocket";
  }

  #down(packets: readonly Packet[]): void {
    if (this.#isWebSocket) for (const packet of packets) this.#frame(packet);
    else if (this.#poll !== undefined) this.#answers.set(this.#poll, this.#contentsOf(packets));
  }

  #frame(packet: Packet): void {
    if (packet.type === "ping") {
      this.#isPinged = true;
      return this.#attribute("underWay", pingBytes, 0);
    }
    const kind = this.#kindOf(packet);
    if (kind === "message") this.newest += 1;
    else if (kind === "setUp") this.#attribute("setUp", frameBytes(packetBytes(packet)), 0);
    else this.#acknowledged(frameBytes(packetBytes(packet)));
  }

  #acknowledged(bytesDown: number): void {
    const bytesUp = this.#unacknowledged.shift() ?? 0;
    this.#attribute("underWay", 0, -bytesUp);
    this.#attribute("upstream", bytesDown, bytesUp);
  }

  #contentsOf(packets: readonly Packet[]): Contents {
    const contents = nothing();
    contents.bodyBytes = packets.length - 1;
    for (const packet of packets) {
      const kind = this.#kindOf(packet);
      if (kind === "message") contents.messages += 1;
      else if (kind === "acknowledgement") contents.acknowledgements += 1;
      else if (packet.type === "ping") contents.heartbeats += 1;
      contents.bodyBytes += payloadBytes(packet);
    }
    this.newest += contents.messages;
    contents.newest = this.newest;
    return contents;
  }

  #up(packet: Packet): void {
    const type = packetType(packet);
    if (!this.#isWebSocket) {
      if (packet.type === "pong") this.#sent.heartbeats += 1;
      else if (type === packetEvent) this.#sent.messages += 1;
      return;
    }
    const bytes = frameBytes(packetBytes(packet)) + maskBytes;
    if (packet.type === "pong") return this.#settle(bytes);
    if (type !== packetEvent) return this.#attribute("setUp", 0, bytes);
    if (!this.#acknowledges) return this.#attribute("upstream", 0, bytes);
    this.#unacknowledged.push(bytes);
    this.#attribute("underWay", 0, bytes);
  }

  #kindOf(packet: Packet): "message" | "setUp" | "acknowledgement" {
    if (packet === this.#greeting) return "setUp";
    const type = packetType(packet);
    if (type === packetEvent) return "message";
    return type === packetAck ? "acknowledgement" : "setUp";
  }

  /** Attributes a ping together with its pong; a pong that nobody asked for, by itself. */
  #settle(bytesUp: number): void {
    const bytesDown = this.#isPinged ? pingBytes : 0;
    this.#isPinged = false;
    if (bytesDown + bytesUp === 0) return;
    this.#attribute("underWay", -bytesDown, 0);
    this.#attribute("heartbeats", bytesDown, bytesUp);
  }

  /** Everything up to the probe that tells whether a WebSocket works. */
  #attributeHandshake(): void {
    if (this.#stream !== undefined) this.#listener.attributeRest(this.#stream, "setUp");
  }

  #attribute(part: ExtraPart, bytesDown: number, bytesUp: number): void {
    if (this.#stream !== undefined) {
      this.#listener.attribute(this.#stream, part, bytesDown, bytesUp);
    }
  }

  #attributeAnswer(stream: Duplex, response: ServerResponse): void {
    const contents = this.#answers.get(response);
    if (contents === undefined) return this.#listener.attributeRest(stream, "setUp");
    const { messages, acknowledgements, heartbeats, newest, bodyBytes } = contents;
    // An acknowledgement that has an answer to itself is delivered as messages are, though it is none.
    if (messages + acknowledgements > 0) {
      const digitBytes = digits(bodyBytes);
      this.#listener.attributePoll(stream, { messages, newest, bodyBytes, digitBytes });
    } else {
      this.#listener.attributeRest(stream, heartbeats > 0 ? "heartbeats" : "setUp");
    }
  }

  /** Each message that was sent up counts as one, also where a request held several. */
  #attributeSent(stream: Duplex, { messages, heartbeats }: Contents): void {
    if (messages === 0) {
      return this.#listener.attributeRest(stream, heartbeats > 0 ? "heartbeats" : "setUp");
    }
    for (let more = 1; more < messages; more += 1) {
      this.#listener.attribute(stream, "upstream", 0, 0);
    }
    this.#listener.attributeRest(stream, "upstream");
  }
}

function nothing(): Contents {
  return { messages: 0, acknowledgements: 0, heartbeats: 0, newest: 0, bodyBytes: 0 };
}

/** The type of the packet of Socket.IO in a packet `message`; null for other packets. */
function packetType({ type, data }: Packet): number | null {
  if (type !== "message" || data === undefined) return null;
  if (typeof data === "string") return data.charCodeAt(0) - "0".charCodeAt(0);
  return data[data.indexOf(typeKey) + typeKey.length] ?? null;
}

/** In a map of MessagePack, the key that its type follows: the first, or the second after `id`. */
const typeKey = Buffer.from("\xa4type", "latin1");

/** Bytes of a packet in a frame of its own: text behind a digit, and binary without one. */
function packetBytes({ data = "" }: Packet): number {
  return typeof data === "string" ? "4".length + Buffer.byteLength(data) : data.length;
}

/** Bytes of a packet among those of a poll: binary in base64, behind a `b`. */
function payloadBytes({ data = "" }: Packet): number {
  if (typeof data === "string") return "4".length + Buffer.byteLength(data);
  return "b".length + 4 * Math.ceil(data.length / 3);
}

/** Bytes of an unmasked frame: RFC 6455, section 5.2. */
function frameBytes(bytes: number): number {
  if (bytes < 126) return bytes + 2;
  return bytes + (bytes < 65_536 ? 4 : 10);
}
