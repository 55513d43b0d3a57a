import type { Namespace } from "../network/namespace.ts";
import type { PacketCalibration } from "../results/recorded-network.ts";
import { forkProcess } from "../processes/remote.ts";
import type { LocalRemote } from "../processes/remote.ts";
import { doneBetween } from "./done.ts";
import { PacketNetwork } from "./packet-network.ts";
import type { ProbeVerbs } from "./probe.ts";
import { plainNetwork } from "../settings/network-profile.ts";

const pings = 1_000;
const floodPackets = 100_000;

/** With the headers of UDP and IP, as large as the devices take. */
const floodBytes = 1_472;

/** Finds out what the packet network itself does, with everything switched off: takes some seconds. Throws a `BenchError` where a packet network can't be made. */
export async function calibratePacketNetwork(): Promise<PacketCalibration> {
  await using network = await PacketNetwork.open(plainNetwork, 1, 1);
  return {
    roundTripMs: await pingFrom(network.client, network),
    plainRoundTripMs: await pingFrom(network.server, network),
    ...(await floodThrough(network)),
  };
}

/** To the server's end. */
async function pingFrom(
  end: Namespace,
  network: PacketNetwork,
): Promise<PacketCalibration["roundTripMs"]> {
  await using server = startProbe(network.server, "server's probe");
  await using client = startProbe(end, "clients' probe");
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
