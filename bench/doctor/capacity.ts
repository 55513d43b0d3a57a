import { whole } from "../text/format.ts";
import { maxSearchedConnections } from "../settings/config.ts";
import { maxLoads, reservedDescriptors } from "../run/load-count.ts";
import { clientsPerAddress } from "../run/serving.ts";
import type { Capacity } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

// How many connections make sense on a machine: each limit with its arithmetic, and the smallest.

/** Memory of server, load process and director before there is a connection. */
const reservedBytes = 300 * 2 ** 20;

/**
 * Both ends of a connection in user and kernel memory. Long polling, the dearest transport, takes some
 * 38 KiB while it dials and broadcasts, WebSocket 23.
 */
const bytesPerConnection = 64 * 2 ** 10;

/** Objects of the server for one connection; with long polling it has 12 KiB resident in all. */
const heapBytesPerConnection = 16 * 2 ** 10;

/** How many clients can be held at once. */
export function connectionCapacity(facts: Facts): Capacity {
  const { openFilesLimit: soft } = facts;
  const files = soft === null ? null : Math.max(0, soft - reservedDescriptors);
  const less = `minus ${whole(reservedDescriptors)} for its own use`;
  return capacity([
    {
      name: "descriptors of the server",
      most: files,
      because: soft === null ? unknown : `${whole(soft)} for its process, ${less}`,
    },
    {
      name: "descriptors of the clients",
      most: files === null ? null : files * maxLoads,
      because:
        soft === null ? unknown : `${whole(soft)} for each of ${maxLoads} load processes, ${less}`,
    },
    portLimit(facts),
    {
      name: "memory",
      most: per(facts.availableBytes - reservedBytes, bytesPerConnection),
      because: `${bytes(facts.availableBytes)} available, minus ${bytes(reservedBytes)}, at ${bytes(bytesPerConnection)} each`,
    },
    {
      name: "heap of the server",
      most: per(facts.heapBytes, heapBytesPerConnection),
      because: `${bytes(facts.heapBytes)}, Node's own limit, at ${bytes(heapBytesPerConnection)} each`,
    },
    {
      name: "--max-connections",
      most: maxSearchedConnections,
      because: "the highest value that it accepts",
    },
  ]);
}

function portLimit({ portRange, loopbackAddresses }: Facts): Capacity["limits"][number] {
  const name = "ports";
  if (portRange === null) return { name, most: null, because: unknown };
  const [first, last] = portRange;
  const ports = last - first + 1;
  // Another address is used only above `clientsPerAddress`.
  const used = ports < clientsPerAddress ? 1 : loopbackAddresses;
  return {
    name,
    most: ports * used,
    because: `${whole(ports)} (${first}-${last}) for each of ${used} server addresses`,
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
