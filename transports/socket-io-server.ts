import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "socket.io";
import * as z from "zod";
import { Channels, channelPattern, refusedCursor } from "./channels.ts";
import type { Channel } from "./channels.ts";
import { serveHttp } from "./http-service.ts";
import { isGuarded } from "./guards.ts";
import { refuse, refuseUpgrade } from "./refuse.ts";
import { shareRooms } from "./socket-io-adapters.ts";
import { SocketIoBytes } from "./socket-io-bytes.ts";
import type { EngineSocket } from "./socket-io-bytes.ts";
import { parserOption, path, serverPackage } from "./socket-io-packages.ts";
import type { SocketIoOptions } from "./socket-io-packages.ts";
import { limitPackets, limitingServer } from "./socket-io-limits.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { maxMessageBytes } from "./transport.ts";
import { patienceMs } from "./heartbeats.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";

/** Node's default, 5 s, would end the connection for what is sent up between two heartbeats. */
const keepAliveMs = 60_000;

/** A message takes more on the wire where it is base64, or JSON with escapes; and there are packets that set up. */
function maxPacketBytes(messageBytes: number): number {
  return 2 * messageBytes + 1_024;
}

/** How much is published, in bytes, between two looks at who reads it; a message weighs some more. */
const weightBetweenLooks = 1_048_576;
const messageWeight = 16_384;

/** How much a client that comes back is sent at once. */
const batchBytes = 65_536;

const authSchema = z.object({
  channel: z.string().regex(new RegExp(`^${channelPattern}$`)),
  after: z.number().optional(),
});

export function serveSocketIo(
  listener: Listener,
  handlers: ServerHandlers,
  options: SocketIoOptions,
): TransportServer {
  // Socket.IO mounts itself on a server of its own, which gets the requests that are admitted.
  const mount = createServer((_request, response) =>
    refuse(response, 404, `this server speaks Socket.IO, at ${path}`),
  );
  const { payloadBytes, perSecond, idleMs } = listener.guards;
  const maxBytes = payloadBytes ?? maxMessageBytes;
  /** By the socket that they are spoken on. */
  const buckets = new WeakMap<Duplex, TokenBucket>();
  const io = new (serverPackage().Server)(mount, {
    serveClient: false,
    transports: options.transports === "upgrade" ? ["polling", "websocket"] : [options.transports],
    pingInterval: options.heartbeatMs,
    maxHttpBufferSize: maxPacketBytes(maxBytes),
    ...(idleMs !== undefined && { connectTimeout: idleMs }),
    ...(isGuarded(listener.guards) && { wsEngine: limitingServer(buckets) }),
    httpCompression: false,
    ...parserOption(options),
    ...(options.recovery && { connectionStateRecovery: {} }),
  });
  const channels = new Channels<SocketIoBytes>(options, listener.numbersAfter);
  const clients = new Map<string, SocketIoBytes>();
  const clientsByEngine = new WeakMap<EngineSocket, SocketIoBytes>();
  let weight = 0;
  let isClosed = false;
  /** Whether what is emitted to one client would be taken to all servers, since there it could come back for it. */
  let sharesRecovery = false;

  const clientOf = ({ url = "" }: IncomingMessage): SocketIoBytes | undefined =>
    clients.get(/[?&]sid=([^&]*)/.exec(url)?.[1] ?? "");

  listener.http.keepAliveTimeout = keepAliveMs;
  serveHttp(listener, {
    request(request, response) {
      const client = clientOf(request);
      if (client !== undefined) client.exchange(request, response);
      else response.once("finish", () => listener.attributeRest(request.socket, "setUp"));
      mount.emit("request", request, response);
    },
    upgrade(request, head, _stream, bucket) {
      const { socket } = request;
      if (request.url?.startsWith(path) !== true) {
        return refuseUpgrade(socket, "404 Not Found", `use ${path}`);
      }
      clientOf(request)?.upgrading(request);
      if (bucket !== null) buckets.set(socket, bucket);
      if (!mount.emit("upgrade", request, socket, head)) {
        refuseUpgrade(socket, "400 Bad Request", "this server has no WebSocket, only polling");
      }
    },
  });

  io.engine.on("connection", (engine: EngineSocket) => {
    const client = new SocketIoBytes(listener, engine, options.ack);
    const { sid } = engine.transport;
    clients.set(sid, client);
    clientsByEngine.set(engine, client);
    engine.once("close", () => clients.delete(sid));
    if (perSecond !== undefined) limitPackets(engine, perSecond);
    // It was on its way when the server ended.
    if (isClosed) engine.close(true);
  });

  io.use((socket, next) => {
    const { success, data } = authSchema.safeParse(socket.handshake.auth);
    if (!success) return next(new Error("auth must be { channel, after? }"));
    const { channel, after } = data;
    const refusal =
      after === undefined ? null : refusedCursor(String(after), channels.newest(channel));
    next(refusal === null ? undefined : new Error(refusal));
  });

  io.on("connection", (socket) => {
    const client = clientsByEngine.get(socket.conn);
    const { success, data } = authSchema.safeParse(socket.handshake.auth);
    if (client === undefined || !success) {
      socket.disconnect(true);
      return;
    }
    const channel = channels.get(data.channel);
    const { newest } = channel.log;
    const cursor = socket.recovered ? newest : channel.log.resume(data.after ?? newest);
    client.greet(() => emitterTo(socket).emit("hello", cursor));
    client.newest = cursor;
    channel.peers.add(client);
    socket.once("disconnect", () => channels.leave(channel, client));
    feed(socket, client, channel, cursor);
    receive(socket, channel.name);
  });

  const emitterTo = (socket: Socket): Pick<Socket, "emit"> =>
    sharesRecovery ? io.local.to(socket.id) : socket;

  /** Sends what a client has missed, as far as it reads, and then has it get what is published. */
  const feed = (
    socket: Socket,
    client: SocketIoBytes,
    channel: Channel<SocketIoBytes>,
    from: number,
  ): void => {
    const { log } = channel;
    let cursor = from;
    let bytes = 0;
    // Of at least two, the second waits for the first: only then is there a `drain` to come.
    for (let sent = 0; cursor < log.newest && (sent < 2 || bytes < batchBytes); sent += 1) {
      const entry = log.entry(cursor + 1);
      if (entry === undefined) return client.cutOff();
      emitterTo(socket).emit("m", carried(entry));
      cursor += 1;
      bytes += entry.length;
    }
    if (cursor === log.newest) void socket.join(room(channel.name));
    else socket.conn.once("drain", () => feed(socket, client, channel, cursor));
  };

  const receive = (socket: Socket, name: string): void => {
    socket.on("m", (payload: unknown, acknowledge: unknown) => {
      const message = typeof payload === "string" ? Buffer.from(payload) : payload;
      if (!Buffer.isBuffer(message) || message.length > maxBytes) {
        socket.disconnect(true);
        return;
      }
      if (typeof acknowledge === "function") acknowledge();
      handlers.message(name, message);
    });
  };

  /** Ends clients of a channel that don't read, now and then. */
  const lookAfter = (channel: Channel<SocketIoBytes>, entry: Buffer): void => {
    // Else it is as the library has it: what a client doesn't read waits in its memory, without a bound.
    if (options.slow === "buffer") return;
    weight += entry.length + messageWeight;
    if (weight < weightBetweenLooks) return;
    weight = 0;
    for (const client of channel.peers) {
      if (client.newest < channel.log.oldest - 1) client.cutOff();
    }
  };

  const carried = (payload: Buffer): string | Buffer =>
    options.msgpack ? payload : payload.toString();

  return {
    publish(name, payload) {
      const channel = channels.get(name);
      const entry = Buffer.from(payload);
      channels.append(channel, entry);
      io.to(room(name)).emit("m", carried(entry));
      lookAfter(channel, entry);
    },
    async join(place, take) {
      const add = (name: string, entry: Buffer): void => {
        const channel = channels.get(name);
        channels.append(channel, entry);
        lookAfter(channel, entry);
      };
      const rooms = await shareRooms(io, place, (head, roomName, [, payload]) => {
        const name = channelIn(roomName);
        const entry = bytesOf(payload);
        if (name !== null && entry !== null && take(head, name, entry)) add(name, entry);
      });
      sharesRecovery = options.recovery;
      return {
        publish(name, payload, head) {
          const entry = Buffer.from(payload);
          rooms.emit(room(name), ["m", carried(entry)], head, () => add(name, entry));
        },
        [Symbol.asyncDispose]: () => rooms[Symbol.asyncDispose](),
      };
    },
    clientStreams: () => [...clients.values()].map(({ stream }) => stream),
    heartbeats(set) {
      Object.assign(io.engine.opts, { pingInterval: set.everyMs, pingTimeout: patienceMs(set) });
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      channels[Symbol.dispose]();
      for (const client of clients.values()) client.cutOff();
      await io.close();
    },
  };
}

/** The room of a channel: one of that name alone could be another client's own. */
function room(channel: string): string {
  return `${roomPrefix}${channel}`;
}

const roomPrefix = "channel ";

function channelIn(room: string): string | null {
  return room.startsWith(roomPrefix) ? room.slice(roomPrefix.length) : null;
}

/** A payload that another server has emitted: libraries have bytes as any kind of array. */
function bytesOf(payload: unknown): Buffer | null {
  if (typeof payload === "string") return Buffer.from(payload);
  return payload instanceof Uint8Array ? Buffer.from(payload) : null;
}
