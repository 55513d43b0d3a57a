import type { Socket } from "socket.io-client";
import * as z from "zod";
import { DialAgent } from "./dial-agent.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import {
  ProtocolError,
  asError,
  expectedNumber,
  normalizedError,
  notReading,
  subscribeError,
} from "./protocol-error.ts";
import { disconnectError, refusalError } from "./socket-io-errors.ts";
import { clientPackage, loadClientPackage, parserOption, path } from "./socket-io-packages.ts";
import type { SocketIoOptions } from "./socket-io-packages.ts";
import { SessionMemory } from "./socket-io-sessions.ts";
import { maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** The most connections of a client that polls: one that waits, and one for what is sent up. */
const maxPollConnections = 2;

const sessions = new SessionMemory();

/** `socket.io-client`, as an application would use it; only its reconnecting is stopped where that isn't asked for. */
export async function connectSocketIo(
  target: Target,
  handlers: ClientHandlers,
  options: SocketIoOptions,
): Promise<Connection> {
  await loadClientPackage(options);
  const session = options.recovery ? sessions.take(target) : undefined;
  const agents = new Agents(target, handlers, options.agent === "keep-alive");
  const socket = open(target, agents, options, { after: target.after, ...session });
  const connection = new SocketIoConnection(target, socket, agents, options);
  const flood = new FloodDetector();
  return new Promise((resolve, reject) => {
    let isGreeted = false;
    let isUpgraded = options.transports !== "upgrade";
    const isSubscribed = (): boolean => isGreeted && isUpgraded;
    connection.end = (error) => {
      connection.end = () => {};
      const failure = agents.failure ?? error;
      void connection.close();
      if (isSubscribed()) handlers.closed(failure.message);
      else reject(subscribeError(failure, isGreeted ? "a hello was received" : "no hello"));
    };
    const upgraded = (): void => {
      isUpgraded = true;
      if (isGreeted) resolve(connection);
    };
    // Where it can't be upgraded, it goes on as it is.
    socket.io.engine.once("upgrade", upgraded);
    socket.io.engine.once("upgradeError", upgraded);
    socket.on("hello", (hello: unknown, offset: unknown) => {
      if (isGreeted && target.ownReturn === undefined) return;
      try {
        const cursor = expectedNumber(String(hello), "the hello");
        // Messages that a session goes on with come before it.
        const isResumed = isGreeted ? socket.recovered : target.after !== undefined;
        const missed = isResumed ? cursor - connection.cursor : 0;
        if (missed > 0) handlers.gap(missed);
        connection.cursor = cursor;
      } catch (error) {
        return connection.end(asError(error));
      }
      connection.offset = offset;
      if (isGreeted) return target.ownReturn?.back();
      isGreeted = true;
      if (isUpgraded) resolve(connection);
    });
    socket.on("m", (payload: unknown, offset: unknown) => {
      if (typeof payload !== "string" && !Buffer.isBuffer(payload)) {
        return connection.end(new ProtocolError("a message that is no text"));
      }
      if (!isGreeted && session === undefined) {
        return connection.end(new ProtocolError("a message before the hello"));
      }
      connection.cursor += 1;
      connection.offset = offset;
      handlers.message(payload);
    });
    socket.io.on("ping", () => {
      if (!flood.exceeds()) return;
      connection.end(new ProtocolError(`more than ${maxPerSecond} pings within a second`));
    });
    // It tries again unless the server doesn't want it.
    const goesOn = (): boolean => isSubscribed() && target.ownReturn !== undefined && socket.active;
    socket.on("connect_error", (error) => {
      if (goesOn()) target.ownReturn?.failed();
      else connection.end(refusalError(error));
    });
    socket.on("disconnect", (reason, details) => {
      if (goesOn()) target.ownReturn?.lost();
      else connection.end(disconnectError(reason, details));
    });
  });
}

function open(
  { url, channel, ownReturn }: Target,
  agents: Agents,
  options: SocketIoOptions,
  auth: Readonly<Record<string, unknown>>,
): Socket {
  const { transports } = options;
  const socket = clientPackage().io(url.href, {
    path,
    transports: transports === "upgrade" ? ["polling", "websocket"] : [transports],
    forceNew: true,
    reconnection: ownReturn !== undefined,
    auth: { channel, ...auth },
    transportOptions: {
      polling: { agent: agents.polling },
      websocket: { agent: agents.webSocket, perMessageDeflate: false },
    },
    ...parserOption(options),
  });
  const guard = (): void => void socket.io.engine.on("packet", makeHarmless);
  guard();
  if (ownReturn === undefined) {
    // It would dial once more, to say good-bye.
    socket.io.engine.on("error", () => void agents.close());
  } else {
    // The engine that is made anew next.
    socket.io.on("reconnect_attempt", () => queueMicrotask(guard));
  }
  return socket;
}

/** The first packet of Engine.IO. */
const openSchema = z.object({
  sid: z.string(),
  upgrades: z.array(z.string()),
  pingInterval: z.number(),
  pingTimeout: z.number(),
});

/** A packet CONNECT_ERROR that says nothing. */
const emptyRefusal = "4";

/** Makes packets errors on which the library, instead of failing, would throw where nobody catches it. */
function makeHarmless(packet: { type: string; data?: unknown }): void {
  const isHarmful =
    packet.type === "open"
      ? !openSchema.safeParse(parsed(packet.data)).success
      : packet.type === "message" && packet.data === emptyRefusal;
  if (isHarmful) packet.type = "error";
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** The agents of one client's two transports. */
class Agents {
  readonly polling: DialAgent;
  readonly webSocket: DialAgent;
  /** What made a stream fail, which the library says in words of its own. */
  failure: Error | undefined;

  constructor(target: Target, handlers: ClientHandlers, keepAlive: boolean) {
    const dial = (): ReturnType<Target["dial"]> => {
      const stream = target.dial();
      stream.once("error", (error) => (this.failure ??= normalizedError(error)));
      return stream;
    };
    let dials = 0;
    this.webSocket = new DialAgent(target.url, false, dial);
    this.polling = new DialAgent(target.url, keepAlive, () => {
      dials += 1;
      // The library polls anew before it hands over the messages of the answer, in ticks of their own.
      if (keepAlive && dials > maxPollConnections) {
        process.nextTick(() => handlers.reconnected(false));
      }
      return dial();
    });
  }

  /** Ends every stream, and has none dialled any more. */
  async close(): Promise<void> {
    await Promise.all([this.polling.close(), this.webSocket.close()]);
  }
}

class SocketIoConnection implements Connection {
  cursor: number;
  /** Where Socket.IO's own memory of its messages stands, with `recovery`. */
  offset: unknown;
  /** Ends it for a reason; called again, does nothing. */
  end: (error: Error) => void = () => {};
  readonly #target: Target;
  readonly #socket: Socket;
  readonly #agents: Agents;
  readonly #options: SocketIoOptions;
  /** Bytes that the library hasn't handed to a stream yet. */
  #waitingBytes = 0;

  constructor(target: Target, socket: Socket, agents: Agents, options: SocketIoOptions) {
    this.cursor = target.after ?? 0;
    this.#target = target;
    this.#socket = socket;
    this.#agents = agents;
    this.#options = options;
    socket.io.engine.on("drain", () => (this.#waitingBytes = 0));
  }

  send(payload: Buffer): void {
    const carried = this.#options.msgpack ? payload : payload.toString();
    if (this.#options.ack) this.#socket.emit("m", carried, acknowledged);
    else this.#socket.emit("m", carried);
    this.#waitingBytes += payload.length;
    let bytes = this.#waitingBytes;
    for (const { writableLength } of this.#agents.webSocket.streams) bytes += writableLength;
    if (bytes > maxWaitingBytes) this.end(notReading());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end = () => {};
    await this.close();
  }

  async close(): Promise<void> {
    const pid: unknown = Reflect.get(this.#socket, "_pid");
    const { offset } = this;
    if (typeof pid === "string" && typeof offset === "string") {
      sessions.keep(this.#target, this.cursor, { pid, offset });
    }
    this.#socket.off();
    this.#socket.io.off();
    const closed = this.#agents.close();
    this.#socket.disconnect();
    await closed;
  }
}

/** What a client has sent up has reached the server. */
function acknowledged(): void {}
