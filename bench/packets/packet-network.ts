import { closeSync, openSync } from "node:fs";
import { isInstalled } from "../../transports/optional-packages.ts";
import { codeOf, usageError } from "../errors/errors.ts";
import { linkDevice, readLink } from "../network/link.ts";
import type { LinkTotals } from "../network/link.ts";
import type { Namespace } from "../network/namespace.ts";
import { bringUp, clientAddress, ip, openPair } from "../network/network.ts";
import { deviceTools } from "../network/network-tools.ts";
import type { Pair } from "../network/network.ts";
import { directionNames } from "../network/stream-relay.ts";
import type { DirectionName } from "../network/stream-relay.ts";
import { forkProcess } from "../processes/remote.ts";
import type { ProcessEnded } from "../processes/process-ended.ts";
import type { LocalRemote } from "../processes/remote.ts";
import { derivedSeed } from "../statistics/random.ts";
import { kernelCounts } from "./done.ts";
import type { Done } from "./done.ts";
import { mtuBytes } from "../settings/network-profile.ts";
import type { NetworkProfile } from "../settings/network-profile.ts";
import type { RelayVerbs } from "./relay.ts";

/** Packets that wait in a device until the relay reads them; the usual 500 would be lost in a pause of 5 ms. */
const deviceQueuePackets = 10_000;

/**
 * Two network namespaces, the server's and the clients', between which a process of ours carries every IP packet, and
 * delays, drops, reorders and shapes them. It goes with the process, the namespaces and their devices with this one.
 */
export class PacketNetwork implements AsyncDisposable {
  readonly server: Namespace;
  readonly client: Namespace;
  /** Where the server is to listen. */
  readonly serverAddresses: readonly string[];
  readonly #relay: LocalRemote<RelayVerbs>;
  #profile: NetworkProfile;

  /**
   * The nth packet of a direction meets the same draws whenever the seed is the same. Throws a `BenchError` that says
   * what is missing.
   */
  static async open(
    profile: NetworkProfile,
    seed: number,
    addressesWanted: number,
  ): Promise<PacketNetwork> {
    requireTun();
    const start = async (pair: Pair): Promise<LocalRemote<RelayVerbs>> => {
      await makeDevices(pair);
      return await startRelay(pair, profile, seed);
    };
    const { joint, ...pair } = await openPair(addressesWanted, start, deviceTools);
    return new PacketNetwork(pair, joint, profile);
  }

  private constructor(pair: Pair, relay: LocalRemote<RelayVerbs>, profile: NetworkProfile) {
    this.server = pair.server;
    this.client = pair.client;
    this.serverAddresses = pair.serverAddresses;
    this.#relay = relay;
    this.#profile = profile;
  }

  /** What packets meet now. */
  get profile(): NetworkProfile {
    return this.#profile;
  }

  /** Resolves with how the relay ended, if it does so by itself: from then on nothing is forwarded. */
  get ended(): Promise<ProcessEnded> {
    return this.#relay.ended;
  }

  /** Changes what becomes of packets from now on; those on their way keep what they got. */
  async set(profile: NetworkProfile): Promise<void> {
    await this.#relay.call("set", { profile });
    this.#profile = profile;
  }

  /** From here on the nth packet of a direction meets the nth draws of this seed, and a period of outages begins. */
  async begin(seed: number): Promise<void> {
    await this.#relay.call("begin", { seeds: seedsOf(seed) });
  }

  /** Forwards nothing until `restore`: what is on its way waits, and of what comes the queue keeps what it can. */
  async stall(directions: readonly DirectionName[] = directionNames): Promise<void> {
    await this.#relay.call("stall", { isStalled: true, directions });
  }

  async restore(directions: readonly DirectionName[] = directionNames): Promise<void> {
    await this.#relay.call("stall", { isStalled: false, directions });
  }

  /** What both ends have sent so far. */
  totals(): LinkTotals {
    return readLink(this.server.pid, this.client.pid, 0);
  }

  async done(): Promise<Done> {
    const { down, up, atNs, cpuMs } = await this.#relay.call("books", {});
    return {
      down: { ...down, ...kernelCounts(this.server.pid) },
      up: { ...up, ...kernelCounts(this.client.pid) },
      atNs,
      cpuMs,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#relay[Symbol.asyncDispose]();
    await Promise.all([this.server[Symbol.asyncDispose](), this.client[Symbol.asyncDispose]()]);
  }
}

/** Throws a `BenchError` where no process can hold a TUN device. */
function requireTun(): void {
  // What other platforms lack, `openPair` says.
  if (process.platform !== "linux") return;
  if (!isInstalled("koffi")) {
    throw usageError("koffi is not installed, which opens TUN devices; npm install koffi");
  }
  try {
    closeSync(openSync("/dev/net/tun", "r+"));
  } catch (error) {
    const advice = "load the kernel's module tun, or give the container this device";
    throw usageError(`can't open a TUN device (${codeOf(error)}: /dev/net/tun); ${advice}`);
  }
}

/** A TUN device in each namespace, which the relay then attaches to. */
async function makeDevices({ tools, server, client, serverAddresses }: Pair): Promise<void> {
  const make = [
    `tuntap add dev ${linkDevice} mode tun`,
    `link set dev ${linkDevice} mtu ${mtuBytes} txqueuelen ${deviceQueuePackets}`,
  ];
  await ip(tools, server, [...make, ...bringUp(serverAddresses)]);
  await ip(tools, client, [...make, ...bringUp([clientAddress])]);
}

async function startRelay(
  { server, client }: Pair,
  profile: NetworkProfile,
  seed: number,
): Promise<LocalRemote<RelayVerbs>> {
  const { enter } = server;
  const relay = forkProcess<RelayVerbs>("bench/packets/relay", "packet relay", { enter });
  const start = { device: linkDevice, clientPid: client.pid, profile, seeds: seedsOf(seed) };
  try {
    await relay.call("attach", start);
    return relay;
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
}

/** One for each direction. */
function seedsOf(seed: number): Readonly<Record<DirectionName, number>> {
  return { down: derivedSeed(seed, 0), up: derivedSeed(seed, 1) };
}
