import type { Namespace } from "../network/namespace.ts";
import { Network } from "../network/network.ts";
import { forkProcess } from "../processes/remote.ts";
import type { LocalRemote } from "../processes/remote.ts";
import { doneBetween } from "./done.ts";
import { PacketNetwork } from "./packet-network.ts";
import type { ProbeVerbs } from "./probe.ts";
import { unimpaired } from "./profile.ts";

/** What the packet network itself does, with everything switched off. */
export interface PacketCalibration {
  /** Round trips of single datagrams of 64 bytes between a process at either end. */
  readonly roundTripMs: RoundTripMs;
  /** The same over a pair of veth devices: what the processes and the kernel take by themselves. */
  readonly plainRoundTripMs: RoundTripMs;
  /** Full-size packets a second in one direction that arrived while one process sent as fast as it could. */
  readonly packetsPerSecond: number;
  /** Packets that it sent and the relay didn't read in time; 0 if the sender, and not the relay, was the limit. */
  readonly unread: number;
  /** Packets for each second of the relay's processor time: what it could carry if it had a core for itself. */
  readonly packetsPerCpuSecond: number;
}

export interface RoundTripMs {
  readonly p50: number;
  readonly p99: number;
}

const pings = 2_000;
const floodPackets = 200_000;

/** With the headers of UDP and IP, as large as the devices take. */
const floodBytes = 1_472;

/** Takes some seconds. Throws a `BenchError` where a packet network can't be made. */
export async function calibratePacketNetwork(): Promise<PacketCalibration> {
  const plain = await Network.open(1);
  const plainRoundTripMs = await closing(plain, () => pingThrough(plain));
  const network = await PacketNetwork.open({ name: "", down: unimpaired, up: unimpaired }, 1, 1);
  return closing(network, async () => ({
    roundTripMs: await pingThrough(network),
    plainRoundTripMs,
    ...(await floodThrough(network)),
  }));
}

async function closing<T>(resource: AsyncDisposable, use: () => Promise<T>): Promise<T> {
  await using _ = resource;
  return await use();
}

async function pingThrough(network: Network | PacketNetwork): Promise<RoundTripMs> {
  await using server = startProbe(network.server, "server's probe");
  await using client = startProbe(network.client, "clients' probe");
  const [address = ""] = network.serverAddresses;
  const { udp: port } = await server.call("echo", { address });
  const { ms } = await client.call("ping", { address, port, count: pings, waitMs: 1_000 });
  const at = (share: number): number => ms[Math.floor(ms.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

async function floodThrough(
  network: PacketNetwork,
): Promise<Pick<PacketCalibration, "packetsPerSecond" | "unread" | "packetsPerCpuSecond">> {
  await using client = startProbe(network.client, "clients' probe");
  const [address = ""] = network.serverAddresses;
  const before = await network.done();
  await client.call("flood", { address, bytes: floodBytes, packets: floodPackets });
  const { up, cpuMs, ms } = doneBetween(before, await network.done());
  return {
    packetsPerSecond: (up.packetsOut * 1_000) / ms,
    unread: up.unread,
    packetsPerCpuSecond: (up.packetsOut * 1_000) / cpuMs,
  };
}

/** Starts a process at an end of a network that finds out what that does to packets. */
export function startProbe({ enter }: Namespace, name: string): LocalRemote<ProbeVerbs> {
  return forkProcess<ProbeVerbs>("bench/packets/probe", name, { enter });
}
