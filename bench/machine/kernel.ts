import { createServer } from "node:net";
import { addressOctets } from "./address-octets.ts";
import { KernelFile, read } from "./files.ts";

/*
 * Facts that Linux reports under /proc and /sys. On other systems, and where they are hidden, each is null, and
 * reports show "n/a".
 */

/** Kernel memory in the buffers of all TCP sockets of this host, in bytes. */
export function kernelSocketBytes(): number | null {
  const pages = /^TCP:.* mem (\d+)/m.exec(read("/proc/net/sockstat") ?? "")?.[1];
  return pages === undefined || pageBytes === null ? null : Number(pages) * pageBytes;
}

/**
 * Bytes that the kernel has received from these ports and that haven't been read, for all sockets of the network
 * namespace in which process `pid` is.
 */
export function receiveQueueBytes(pid: number, ports: ReadonlySet<number>): number | null {
  const tables = ["tcp", "tcp6"].flatMap((name) => read(`/proc/${pid}/net/${name}`) ?? []);
  return tables.length === 0 ? null : queuedFrom(ports, tables.join("\n"));
}

/**
 * Bytes queued for reading, from a table such as /proc/net/tcp: hexadecimal, `rem_address` third, `tx:rx` fifth.
 */
export function queuedFrom(ports: ReadonlySet<number>, table: string): number {
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => ports.has(Number.parseInt(fields[2]?.split(":")[1] ?? "", 16)))
    .reduce((sum, fields) => sum + Number.parseInt(fields[4]?.split(":")[1] ?? "0", 16), 0);
}

/** Memory of this process that is in RAM, in bytes; also when it can't open another file. */
export function residentBytes(): number | null {
  const text = ownStatus.read();
  if (text === null) return residentBytesOfNode();
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
}

const ownStatus = new KernelFile("/proc/self/status");
// Opened now: at its limit of descriptors a process can't do it any more.
ownStatus.read();

function residentBytesOfNode(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch {
    return null;
  }
}

/** The file descriptors of a process. */
export interface Descriptors {
  /** True when it can't open another file. */
  readonly exhausted: boolean;
  readonly limit: number | null;
}

/** How many files this process may have open at once, or how far it may raise that itself. */
export function openFilesLimit(kind: "soft" | "hard" = "soft"): number | null {
  const limits = read("/proc/self/limits") ?? "";
  const [, soft, hard] = /^Max open files +(\S+) +(\S+)/m.exec(limits) ?? [];
  const limit = Number(kind === "soft" ? soft : hard);
  return Number.isNaN(limit) ? null : limit;
}

/** First and last port that is given to a client that asks for none. */
export function portRange(): [number, number] | null {
  const [, first, last] =
    /^(\d+)\s+(\d+)/.exec(read("/proc/sys/net/ipv4/ip_local_port_range") ?? "") ?? [];
  return first === undefined || last === undefined ? null : [Number(first), Number(last)];
}

/** Connections that may wait to be accepted. */
export function acceptBacklog(): number | null {
  const limit = read("/proc/sys/net/core/somaxconn");
  return limit === null ? null : Number(limit);
}

export function clockSource(): string | null {
  const path = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
  return read(path)?.trim() ?? null;
}

/** Up to so many addresses of loopback that can be listened on: all on Linux, one on macOS. */
export async function loopbackAddresses(wanted: number): Promise<string[]> {
  const usable = await usableOf(addressOctets(wanted));
  return usable.length > 0 ? usable : await usableOf(addressOctets(1));
}

/** Those before the first that can't be listened on. */
async function usableOf(octets: readonly string[]): Promise<string[]> {
  const usable: string[] = [];
  for (const last of octets) {
    const address = `127.0.${last}`;
    if (!(await canListen(address))) break;
    usable.push(address);
  }
  return usable;
}

function canListen(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port: 0, host }, () => server.close(() => resolve(true)));
  });
}

/** Bytes of a page of memory: entry 6, AT_PAGESZ, of the vector that the kernel gives each program. */
const pageBytes = auxiliaryValue(6n);

/** Clock ticks of `/proc/stat` in a second: entry 17, AT_CLKTCK. */
export const ticksPerSecond: number | null = auxiliaryValue(17n);

function auxiliaryValue(wanted: bigint): number | null {
  const vector = Buffer.from(read("/proc/self/auxv", "latin1") ?? "", "latin1");
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (vector.readBigUInt64LE(at) === wanted) return Number(vector.readBigUInt64LE(at + 8));
  }
  return null;
}
