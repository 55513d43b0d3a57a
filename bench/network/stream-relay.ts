import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { ServerAddress } from "../measure/dialler.ts";
import { listen, portOf } from "../measure/listen.ts";
import type { Carriage } from "../../scenarios/scenario.ts";
import type { RelayProfile } from "../settings/relay-profile.ts";
import { derivedSeed } from "../statistics/random.ts";
import { RelayedDirection } from "./relayed-direction.ts";
import type { RelayedBooks } from "./relayed-direction.ts";
import { RelayedStream } from "./relayed-stream.ts";

/** Where a relay passes connections on to. */
export type RelayedServer = Pick<ServerAddress, "host" | "port">;

/** How connections are cut: by a reset on both sides, or by an end behind what is under way. */
export type Ending = "reset" | "end";

export const directionNames = ["down", "up"] as const;

export type DirectionName = (typeof directionNames)[number];

/** One of so many servers, which have a relay's addresses in turns. */
export interface InTurns {
  readonly place: number;
  readonly of: number;
}

/** All that there are. */
export const everyTurn: InTurns = { place: 0, of: 1 };

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly streams: Readonly<Record<DirectionName, RelayedStream>>;
}

/**
 * Stands between clients and a server as a network does that misbehaves, on the bytes of each TCP connection: they may
 * come late, in pieces or not at all, but none is changed, dropped or reordered. Loss of packets is for a network below
 * TCP to play.
 */
export class StreamRelay implements AsyncDisposable {
  #servers: readonly RelayedServer[];
  readonly #addresses: readonly string[];
  readonly #keepsAddresses: boolean;
  readonly #random: () => number;
  readonly #directions: Readonly<Record<DirectionName, RelayedDirection>>;
  readonly #pairs = new Set<Pair>();
  readonly #sockets = new Set<Socket>();
  /** Those that are to be reset when their direction is no longer stalled. */
  readonly #unreached: Readonly<Record<DirectionName, Set<Socket>>> = {
    down: new Set(),
    up: new Set(),
  };
  /** By the index of its address. */
  readonly #listeners = new Map<number, Server>();
  #port = 0;
  /** Connections that clients have made so far. */
  accepted = 0;

  /**
   * Listens on a free port, the same on each of the addresses, which stand for one server after the other; by its
   * profile, it is a network all the time. With `keepsAddresses`, who it passes connections on to sees the addresses of
   * clients, as behind a router.
   */
  static async open(
    addresses: readonly string[],
    servers: readonly RelayedServer[],
    seed: number,
    profile: RelayProfile | null = null,
    keepsAddresses = false,
  ): Promise<StreamRelay> {
    const relay = new StreamRelay(addresses, servers, seed, profile, keepsAddresses);
    await relay.listen();
    return relay;
  }

  private constructor(
    addresses: readonly string[],
    servers: readonly RelayedServer[],
    seed: number,
    profile: RelayProfile | null,
    keepsAddresses: boolean,
  ) {
    this.#keepsAddresses = keepsAddresses;
    this.#addresses = addresses;
    this.#servers = servers;
    const generator = mersenne(seed);
    this.#random = () => uniformFloat64(generator);
    this.#directions = {
      down: new RelayedDirection(profile?.down ?? null, derivedSeed(seed, 0)),
      up: new RelayedDirection(profile?.up ?? null, derivedSeed(seed, 1)),
    };
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Bytes that have been forwarded. */
  get bytes(): Readonly<Record<DirectionName, number>> {
    const { down, up } = this.#directions;
    return { down: down.bytes, up: up.bytes };
  }

  /** A phase begins: see `RelayedDirection.begin`. */
  begin(seed: number): void {
    const { down, up } = this.#directions;
    down.begin(derivedSeed(seed, 0));
    up.begin(derivedSeed(seed, 1));
  }

  /** What it has done since then. */
  get books(): Readonly<Record<DirectionName, RelayedBooks>> {
    const { down, up } = this.#directions;
    return { down: down.books, up: up.books };
  }

  /** Carries all connections so from here on; what is under way arrives when it was to. */
  carry(direction: DirectionName, change: Partial<Carriage>): void {
    const carried = this.#directions[direction];
    carried.carry(change);
    for (const { streams } of this.#pairs) streams[direction].changed();
    if (carried.carriage.isStalled) return;
    for (const socket of this.#unreached[direction]) socket.resetAndDestroy();
    this.#unreached[direction].clear();
  }

  /** Cuts this share of the open connections, from 0 to 1, which a seed chooses; returns how many those are. */
  cut(how: Ending, share: number): number {
    const chosen = [...this.#pairs].filter(() => share >= 1 || this.#random() < share);
    for (const { client, server, streams } of chosen) {
      if (how === "reset") {
        client.resetAndDestroy();
        server.resetAndDestroy();
      } else {
        streams.down.finish();
        streams.up.finish();
      }
    }
    return chosen.length;
  }

  /** The kernel refuses new connections to one of the servers; those that are open stay. */
  refuse({ place, of }: InTurns = everyTurn): void {
    for (const [index, listener] of this.#listeners) {
      if (index % of !== place) continue;
      listener.close();
      this.#listeners.delete(index);
    }
  }

  /** Passes new connections to one of them on to another server, by its addresses; those that are open stay. */
  passTo(addresses: readonly RelayedServer[], { place, of }: InTurns = everyTurn): void {
    this.#servers = this.#servers.map((server, index) =>
      index % of === place ? (addresses[(index - place) / of] ?? server) : server,
    );
  }

  /** Takes new connections, on the port as before; nothing where it does already. */
  async listen(): Promise<void> {
    for (const [index, address] of this.#addresses.entries()) {
      if (this.#listeners.has(index)) continue;
      const options = { noDelay: true, allowHalfOpen: true };
      const listener = createServer(options, (socket) => this.#accept(socket, index));
      await listen(listener, this.#port, address);
      this.#port = portOf(listener);
      this.#listeners.set(index, listener);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const listeners = [...this.#listeners.values()];
    const closed = listeners.map((server) => new Promise((done) => server.close(done)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** `index` is that of the address that the client has dialled. */
  #accept(client: Socket, index: number): void {
    this.#sockets.add(client);
    const { down, up } = this.#directions;
    if (up.link === null && down.link === null) return this.#dial(client, index);
    // The kernel has taken the connection at once. What the client sends waits as if that had been a round trip away.
    const nowMs = performance.now();
    const askedMs = up.link?.arrivalMs(0, nowMs) ?? nowMs;
    const answeredMs = down.link?.arrivalMs(0, askedMs) ?? askedMs;
    const gone = (): void => void this.#sockets.delete(client);
    const ended = (): void => void client.destroy();
    client.once("error", ended).once("close", gone);
    setTimeout(() => {
      if (client.destroyed) return;
      client.off("error", ended).off("close", gone);
      this.#dial(client, index);
    }, answeredMs - nowMs);
  }

  #dial(client: Socket, index: number): void {
    const { host = "", port = 0 } = this.#servers[index % this.#servers.length] ?? {};
    this.accepted += 1;
    const from = this.#keepsAddresses ? client.remoteAddress : undefined;
    const server = connect({
      host,
      port,
      noDelay: true,
      allowHalfOpen: true,
      ...(from !== undefined && { localAddress: from }),
    });
    for (const [socket, other, onward] of [
      [client, server, "up"],
      [server, client, "down"],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => this.#reset(other, onward));
      socket.once("close", () => {
        this.#sockets.delete(socket);
        this.#unreached.up.delete(socket);
        this.#unreached.down.delete(socket);
      });
    }
    // A connection is there when it is open on both sides.
    server.once("connect", () => this.#relay(client, server));
  }

  /** A reset goes the way of the bytes, no sooner and no farther than they do. */
  #reset(socket: Socket, direction: DirectionName): void {
    const { carriage, link } = this.#directions[direction];
    const reach = (): void => void socket.resetAndDestroy();
    if (carriage.isStalled) this.#unreached[direction].add(socket);
    else if (link === null) reach();
    else {
      const nowMs = performance.now();
      setTimeout(reach, link.arrivalMs(0, nowMs) - nowMs);
    }
  }

  #relay(client: Socket, server: Socket): void {
    const { down, up } = this.#directions;
    // As a proxy does it that has waited in vain.
    const idle = (): void => {
      streams.down.finish();
      streams.up.finish();
    };
    const streams = {
      down: new RelayedStream(server, client, down, this.#random, idle),
      up: new RelayedStream(client, server, up, this.#random, idle),
    };
    const pair: Pair = { client, server, streams };
    this.#pairs.add(pair);
    for (const socket of [client, server]) socket.once("close", () => this.#pairs.delete(pair));
  }
}
