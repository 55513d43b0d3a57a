import type { Redis } from "ioredis";
import type { Server } from "socket.io";
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { MeetingPlace } from "./library-bus.ts";
import { packageUrl } from "./optional-packages.ts";

/*
 * Socket.IO's own adapters for Redis, with the clients that their documentation has. A message goes to the others as it
 * would without the harness, but for a flag, which no client gets: the head by which it is known.
 */

type RedisAdapterPackage = typeof import("@socket.io/redis-adapter");
type StreamsAdapterPackage = typeof import("@socket.io/redis-streams-adapter");

export const adapterPackages = {
  redis: "@socket.io/redis-adapter",
  "redis-streams": "@socket.io/redis-streams-adapter",
} as const;

/** Hears each message that comes from the broker, before clients get it: in which room, and the arguments of its event. */
export type Hear = (head: string, room: string, event: readonly unknown[]) => void;

/** One server among those that share their rooms. */
export interface SharedRooms extends AsyncDisposable {
  /** Emits to a room at all servers; `emitted` is called when the clients of this one have it. */
  emit(room: string, event: readonly unknown[], head: string, emitted: () => void): void;
}

type Adapter = ReturnType<Server["of"]>["adapter"];

/** A packet of Socket.IO that is an event. */
const eventType = 2;

/** How long a server waits until it looks again whether it hears itself. */
const listenMs = 20;

/** Resolves when all that other servers emit to a room from then on comes. */
export async function shareRooms(
  io: Server,
  place: MeetingPlace,
  hear: Hear,
): Promise<SharedRooms> {
  return await (place.bus === "redis" ? byPubSub : byStreams)(io, place, hear);
}

/** Local clients get a message at once, and it is published beside that. */
async function byPubSub(io: Server, place: MeetingPlace, hear: Hear): Promise<SharedRooms> {
  const { client, prefix } = place;
  const { default: library }: { default: RedisAdapterPackage } = await import(
    packageUrl(adapterPackages.redis)
  );
  const subscriber = client.duplicate();
  subscriber.on("error", untilItIsBack);
  await subscriber.connect();
  io.adapter(library.createAdapter(client, subscriber, { key: prefix }));
  const { adapter } = io.of("/");
  if (!(adapter instanceof library.RedisAdapter)) throw new Error("the adapter isn't used");
  const { parser } = adapter;
  // It decodes nothing for rooms that have no client here, whose log goes on all the same.
  let isHeard = false;
  const decode = (message: unknown): unknown => {
    const decoded: unknown = parser.decode(message);
    isHeard = true;
    const [, packet, options]: unknown[] = Array.isArray(decoded) ? decoded : [];
    hearPacket(hear, packet, options);
    return decoded;
  };
  Object.assign(adapter, { parser: { encode: parser.encode, decode } });
  subscriber.on("pmessageBuffer", (_pattern: unknown, _channel: unknown, message: Buffer) => {
    if (!isHeard) decode(message);
    isHeard = false;
  });
  // Answered after the adapter's own.
  await subscriber.psubscribe(`${prefix}#/#*`);
  return {
    emit(room, event, head, emitted) {
      emitted();
      void broadcast(adapter, room, event, head);
    },
    [Symbol.asyncDispose]: () => quit(subscriber),
  };
}

/** Local clients get a message when the log has it. */
async function byStreams(io: Server, place: MeetingPlace, hear: Hear): Promise<SharedRooms> {
  const { client, prefix } = place;
  const { default: library }: { default: StreamsAdapterPackage } = await import(
    packageUrl(adapterPackages["redis-streams"])
  );
  const readers: Redis[] = [];
  const duplicate = client.duplicate.bind(client);
  Object.assign(client, {
    duplicate() {
      const reader = duplicate();
      readers.push(reader);
      return reader;
    },
  });
  const names = { streamName: prefix, channelPrefix: prefix, sessionKeyPrefix: `${prefix}:` };
  io.adapter(library.createAdapter(client, names));
  const { adapter } = io.of("/");
  const onMessage: unknown = Reflect.get(adapter, "onMessage");
  if (typeof onMessage !== "function") throw new Error("the adapter takes messages otherwise");
  const ownRoom = `joining ${randomUUID()}`;
  const own = { isHeard: false };
  Object.assign(adapter, {
    onMessage(message: unknown, offset: unknown) {
      const data = field(message, "data");
      const options = field(data, "opts");
      if (!own.isHeard) own.isHeard = field(field(options, "rooms"), "0") === ownRoom;
      hearPacket(hear, field(data, "packet"), options);
      Reflect.apply(onMessage, adapter, [message, offset]);
    },
  });
  // It reads on from what comes next after it has begun to, which isn't told.
  while (!own.isHeard) {
    void broadcast(adapter, ownRoom, ["joining"], null);
    await setTimeout(listenMs);
  }
  return {
    emit(room, event, head, emitted) {
      void broadcast(adapter, room, event, head).then(emitted);
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers) reader.disconnect();
    },
  };
}

/** As `io.to(room).emit(…)` does. Resolves when the clients of this server have it. */
async function broadcast(
  adapter: Adapter,
  room: string,
  event: readonly unknown[],
  head: string | null,
): Promise<void> {
  const flags: object = head === null ? {} : { head };
  const options = { rooms: new Set([room]), except: new Set<string>(), flags };
  const done: unknown = adapter.broadcast({ type: eventType, data: [...event] }, options);
  await done;
}

function hearPacket(hear: Hear, packet: unknown, options: unknown): void {
  const head = field(field(options, "flags"), "head");
  const room = field(field(options, "rooms"), "0");
  const event = field(packet, "data");
  if (typeof head !== "string" || typeof room !== "string" || !Array.isArray(event)) return;
  hear(head, room, event);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** What the library asked last is answered first. */
async function quit(client: Redis): Promise<void> {
  await client.quit().catch(() => client.disconnect());
}

/** A client of Redis says by an error that it has lost its connection, and gets it again by itself. */
function untilItIsBack(): void {}
