import { kernelSocketBytes } from "./kernel.ts";
import { read } from "./files.ts";

/**
 * What the kernel of this machine holds in its objects (sockets, files, connections that are tracked) and in the
 * buffers of TCP, in bytes, for everybody; null where the system doesn't say.
 */
export function kernelMemoryBytes(): number | null {
  const objects = slabBytes(read("/proc/meminfo") ?? "");
  return objects === null ? null : objects + (kernelSocketBytes() ?? 0);
}

/** From the text of `meminfo`. */
export function slabBytes(meminfo: string): number | null {
  const kibibytes = /^Slab:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
}
