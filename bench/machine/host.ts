import { KernelFile, read } from "./files.ts";
import { ticksPerSecond } from "./kernel.ts";

/*
 * Effects of the host on a measurement, as Linux reports them under /proc and /sys. On other systems, and where they
 * are hidden, each value is null.
 */

export { cgroupLimits, throttledMs } from "./cgroup.ts";

/** Clock ticks of all processors since the host began. */
export interface Ticks {
  readonly total: number;
  /** In which processes ran, and not the kernel's interrupts. */
  readonly processes: number;
  /** In which a processor had work, and the hypervisor ran something else. */
  readonly steal: number;
}

export function cpuTicks(): Ticks | null {
  return ticksIn(processorTimes.read() ?? "");
}

const processorTimes = new KernelFile("/proc/stat");

/** From the text of `/proc/stat`; what guests used is in the first columns already. */
export function ticksIn(times: string): Ticks | null {
  const columns = /^cpu +(\d.*)$/m.exec(times)?.[1]?.split(" ").slice(0, 8).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , , , steal] = columns;
  if (steal === undefined) return null;
  const total = columns.reduce((sum, ticks) => sum + ticks, 0);
  return { total, processes: user + nice + system, steal };
}

type StolenTicks = Pick<Ticks, "total" | "steal">;

/** The share of processor time that was stolen between two readings, 0 to 1. */
export function stealShare(from: StolenTicks | null, to: StolenTicks | null): number | null {
  if (from === null || to === null || to.total <= from.total) return null;
  return Math.max(0, to.steal - from.steal) / (to.total - from.total);
}

/** Processor time that all processes of the host used between two readings, in steps of 10 ms. */
export function processorMs(from: Ticks | null, to: Ticks | null): number | null {
  if (from === null || to === null || ticksPerSecond === null) return null;
  return ((to.processes - from.processes) / ticksPerSecond) * 1_000;
}

/** How the first processor's clock is governed: `performance`, `powersave`, … */
export function governor(): string | null {
  return read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?.trim() ?? null;
}

/** Three numbers as the kernel has them: least, default and most; or low, pressure and high. */
type Three = [number, number, number];

type TcpMemory = Record<"totalPages" | "receiveBytes" | "sendBytes", Three>;

/** The kernel's limits for all TCP sockets together, and for one socket's receive and send buffer. */
export function tcpMemory(): TcpMemory | null {
  const totalPages = three("tcp_mem");
  const receiveBytes = three("tcp_rmem");
  const sendBytes = three("tcp_wmem");
  if (totalPages === null || receiveBytes === null || sendBytes === null) return null;
  return { totalPages, receiveBytes, sendBytes };
}

function three(name: string): Three | null {
  const numbers = read(`/proc/sys/net/ipv4/${name}`)?.trim().split(/\s+/).map(Number) ?? [];
  const [first, second, third] = numbers;
  if (first === undefined || second === undefined || third === undefined) return null;
  return [first, second, third];
}

export function congestionControl(): string | null {
  return read("/proc/sys/net/ipv4/tcp_congestion_control")?.trim() ?? null;
}
