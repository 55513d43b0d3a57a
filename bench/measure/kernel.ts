import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";

/*
 * What Linux tells under /proc and /sys. Elsewhere, and where it is hidden, each of these is null: the
 * reports then show "n/a".
 */

/** Kernel memory in the buffers of all TCP sockets of this host, in bytes. */
export function kernelSocketBytes(): number | null {
  const pages = /^TCP:.* mem (\d+)/m.exec(read("/proc/net/sockstat") ?? "")?.[1];
  return pages === undefined ? null : Number(pages) * 4_096;
}

/** How many files this process may have open at once. */
export function openFilesLimit(): number | null {
  const limit = /^Max open files\s+(\d+)/m.exec(read("/proc/self/limits") ?? "")?.[1];
  return limit === undefined ? null : Number(limit);
}

/** How many files this process has open. Needs a free descriptor itself. */
export function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return null;
  }
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

/** Which of 127.0.0.1, 127.0.0.2, … up to `wanted` can be listened on: all on Linux, one on macOS. */
export async function loopbackAddresses(wanted: number): Promise<string[]> {
  const usable = ["127.0.0.1"];
  for (let last = 2; last <= wanted; last += 1) {
    const address = `127.0.0.${last}`;
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

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
