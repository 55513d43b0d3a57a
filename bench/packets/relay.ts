import { setImmediate } from "node:timers/promises";
import { nowNs } from "../measure/clock.ts";
import { mtuBytes } from "../settings/network-profile.ts";
import { directionNames } from "../network/stream-relay.ts";
import type { DirectionName } from "../network/stream-relay.ts";
import { serveVerbs } from "../processes/serve-verbs.ts";
import { Direction } from "./direction.ts";
import type { DirectionBooks } from "./direction.ts";
import { PacketPool, none } from "./packet-pool.ts";
import type { NetworkProfile } from "../settings/network-profile.ts";
import { TunDevices } from "./tun.ts";

/** The process that every packet passes. It is started in the server's namespace. */
export type RelayVerbs = {
  /** Begins to forward between the device of that name here and the one in the namespace of `clientPid`. */
  attach(args: {
    readonly device: string;
    readonly clientPid: number;
    readonly profile: NetworkProfile;
    readonly seeds: Seeds;
  }): Promise<void>;
  set(args: { readonly profile: NetworkProfile }): void;
  /** Begins anew with these draws: see `Direction.begin`. */
  begin(args: { readonly seeds: Seeds }): void;
  stall(args: { readonly isStalled: boolean; readonly directions: readonly DirectionName[] }): void;
  books(args: object): Books;
};

type Seeds = Readonly<Record<DirectionName, number>>;

export interface Books {
  /** When they were read, in nanoseconds of CLOCK_MONOTONIC. */
  readonly atNs: number;
  readonly down: DirectionBooks;
  readonly up: DirectionBooks;
  /** Processor time of the relay so far, with what the kernel does in its calls: it delivers what is written. */
  readonly cpuMs: number;
}

/** For 100 000 packets a second that are 160 ms on their way. */
const poolPackets = 16_384;

/** Read from one device before the other has its turn. */
const batchPackets = 64;

/** Where `forkProcess` puts the channel to its parent: after standard input, output and error. */
const channelFd = 3;

/** The devices by the direction in which they give packets; they take those of the other. */
const ends = { down: 0, up: 1 } as const;

let directions: Readonly<Record<DirectionName, Direction>> | undefined;

function attached(): Readonly<Record<DirectionName, Direction>> {
  if (directions === undefined) throw new Error("no device is attached");
  return directions;
}

const verbs: RelayVerbs = {
  attach: async ({ device, clientPid, profile, seeds }) => {
    const devices = await TunDevices.attach(device, clientPid, channelFd);
    const pool = new PacketPool(poolPackets);
    const start = (name: DirectionName): Direction =>
      new Direction(pool, profile[name], seeds[name], nowNs());
    directions = { down: start("down"), up: start("up") };
    void forward(devices, pool, directions);
  },
  set: ({ profile }) => {
    for (const name of directionNames) attached()[name].set(profile[name], nowNs());
  },
  begin: ({ seeds }) => {
    for (const name of directionNames) attached()[name].begin(seeds[name], nowNs());
  },
  stall: ({ isStalled, directions }) => {
    for (const name of directions) attached()[name].stall(isStalled, nowNs());
  },
  books: () => {
    const { down, up } = attached();
    const { user, system } = process.cpuUsage();
    return { atNs: nowNs(), down: down.books(), up: up.books(), cpuMs: (user + system) / 1_000 };
  },
};

/**
 * Forwards for the rest of this process's life. It waits outside of Node's event loop, for packets, for the next that
 * is due and for the parent together, since a timer would be late by a millisecond; only the parent's messages, and
 * its end, are left to the event loop.
 */
async function forward(
  devices: TunDevices,
  pool: PacketPool,
  { down, up }: Readonly<Record<DirectionName, Direction>>,
): Promise<never> {
  const spare = new Uint8Array(mtuBytes);
  // First the parent is to know that all is well.
  await setImmediate();
  for (;;) {
    const isBehind = [
      receive(devices, ends.down, down, pool, spare),
      receive(devices, ends.up, up, pool, spare),
    ].includes(true);
    send(devices, ends.up, down, pool);
    send(devices, ends.down, up, pool);
    const untilNs = isBehind ? 0 : Math.min(down.nextNs(), up.nextNs()) - nowNs();
    if (devices.wait(untilNs)) await setImmediate();
  }
}

/** Returns whether there may be more. */
function receive(
  devices: TunDevices,
  end: number,
  direction: Direction,
  pool: PacketPool,
  spare: Uint8Array,
): boolean {
  const readNs = nowNs();
  for (let packets = 0; packets < batchPackets; packets += 1) {
    const place = pool.take();
    const bytes = devices.read(end, pool.bytes[place] ?? spare);
    const isKept = bytes > 0 && direction.arrive(place, bytes, readNs);
    if (!isKept) pool.give(place);
    if (bytes === 0) return false;
  }
  return true;
}

function send(devices: TunDevices, end: number, direction: Direction, pool: PacketPool): void {
  const sendNs = nowNs();
  for (let place = direction.take(sendNs); place !== none; place = direction.take(sendNs)) {
    devices.write(end, pool.bytes[place] ?? new Uint8Array(), pool.lengths[place] ?? 0);
    pool.give(place);
  }
}

serveVerbs(verbs);
