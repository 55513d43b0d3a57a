import { whole } from "../text/format.ts";
import { maxSearchedConnections } from "../settings/config.ts";
import { maxLoads, reservedDescriptors } from "../run/load-count.ts";
import { clientsPerAddress } from "../run/serving.ts";
import type { KernelLimit } from "../machine/kernel-limits.ts";
import type { Capacity, ConnectionCapacity } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

// How many connections make sense on a machine: each limit with its arithmetic, and the smallest.

/** Memory of server, load process and director before there is a connection. */
const reservedBytes = 300 * 2 ** 20;

/** Of each further process. */
const processBytes = 60 * 2 ** 20;

/**
 * Both ends of a connection in user and kernel memory. Long polling, the dearest transport, takes some
 * 42 KiB while it dials and broadcasts, WebSocket 29: ten of them are the kernel's.
 */
const bytesPerConnection = 64 * 2 ** 10;

/** Objects of the server for one connection; with long polling it has 12 KiB resident in all. */
const heapBytesPerConnection = 16 * 2 ** 10;

/** How many servers so many clients need, at their descriptors. */
export function serversFor(clients: number, { openFilesLimit }: Facts): number {
  if (openFilesLimit === null) return 1;
  return Math.max(1, Math.ceil(clients / Math.max(1, openFilesLimit - reservedDescriptors)));
}

/** How many clients can be held at once by so many servers. */
export function connectionCapacity(facts: Facts, servers = 1): ConnectionCapacity {
  const { openFilesLimit: soft, availableBytes, heapBytes } = facts;
  const files = soft === null ? null : Math.max(0, soft - reservedDescriptors);
  const less = `minus ${whole(reservedDescriptors)} for its own use`;
  const some = servers > 1;
  // Of each server, a load process has the other ends.
  const ownBytes = reservedBytes + 2 * (servers - 1) * processBytes;
  const found = capacity([
    {
      name: some ? "descriptors of the servers" : "descriptors of the server",
      most: files === null ? null : files * servers,
      because:
        soft === null
          ? unknown
          : some
            ? `${whole(soft)} for each of ${servers} processes, ${less}`
            : `${whole(soft)} for its process, ${less}`,
      setting: "--servers N, or ulimit -n",
    },
    {
      name: "descriptors of the clients",
      most: files === null ? null : files * maxLoads,
      because:
        soft === null ? unknown : `${whole(soft)} for each of ${maxLoads} load processes, ${less}`,
      setting: "ulimit -n",
    },
    portLimit(facts),
    {
      name: "memory",
      most: per(availableBytes - ownBytes, bytesPerConnection),
      because: `${bytes(availableBytes)} available, minus ${bytes(ownBytes)}, at ${bytes(bytesPerConnection)} each`,
      setting: "stop other programs, or take a machine with more",
    },
    {
      name: some ? "heaps of the servers" : "heap of the server",
      most: per(heapBytes * servers, heapBytesPerConnection),
      because: some
        ? `${servers} times ${bytes(heapBytes)}, Node's own limit, at ${bytes(heapBytesPerConnection)} each`
        : `${bytes(heapBytes)}, Node's own limit, at ${bytes(heapBytesPerConnection)} each`,
      setting: "--servers N, or NODE_OPTIONS=--max-old-space-size=MiB",
    },
    ...facts.kernelLimits.flatMap(kernelLimit),
    {
      name: "--max-connections",
      most: maxSearchedConnections,
      because: "the highest value that it accepts",
      setting: null,
    },
  ]);
  return { ...found, servers, loads: files === null ? 1 : servers };
}

function kernelLimit({ name, used, most, each, setting }: KernelLimit): Capacity["limits"] {
  if (each === null) return [];
  const rate = each === 1 ? "" : `, ${each} each`;
  const because = `${whole(most)} less ${whole(used)} that are used${rate}`;
  return [{ name, most: per(most - used, each), because, setting }];
}

function portLimit({ portRange, loopbackAddresses }: Facts): Capacity["limits"][number] {
  const name = "ports";
  const setting = `sysctl -w net.ipv4.ip_local_port_range="15000 65000"`;
  if (portRange === null) return { name, most: null, because: unknown, setting };
  const [first, last] = portRange;
  const ports = last - first + 1;
  // Another address is used only above `clientsPerAddress`.
  const used = ports < clientsPerAddress ? 1 : loopbackAddresses;
  return {
    name,
    most: ports * used,
    because: `${whole(ports)} (${first}-${last}) for each of ${used} server addresses`,
    setting,
  };
}

/** The smallest of the limits binds. */
export function capacity(limits: Capacity["limits"]): Capacity {
  const known = limits.flatMap(({ most, name }) => (most === null ? [] : [{ most, name }]));
  const [binding] = known.toSorted((a, b) => a.most - b.most);
  return { most: binding?.most ?? null, boundBy: binding?.name ?? null, limits };
}

const unknown = "not reported by this system";

/** How many fit in when each takes a given amount. */
export function per(available: number, each: number): number | null {
  return each > 0 ? Math.max(0, Math.floor(available / each)) : null;
}

/** `64 KiB`, `300 MiB`, `23.5 GiB`. */
export function bytes(value: number): string {
  const [unit, size] =
    value >= 2 ** 30
      ? (["GiB", 2 ** 30] as const)
      : value >= 2 ** 20
        ? (["MiB", 2 ** 20] as const)
        : (["KiB", 2 ** 10] as const);
  return `${Number((value / size).toFixed(1))} ${unit}`;
}
