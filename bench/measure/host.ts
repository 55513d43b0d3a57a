import { Kept } from "./files.ts";

/*
 * What the host itself does to a measurement, as Linux tells it under /proc and /sys. Elsewhere, and
 * where it is hidden, each of these is null.
 */

export { cgroupLimits, throttledMs } from "./cgroup.ts";

/** Clock ticks of all processors since the host began. */
export interface Ticks {
  readonly total: number;
  /** In which a processor had work, and the hypervisor ran something else. */
  readonly steal: number;
}

export function cpuTicks(): Ticks | null {
  return ticksIn(processorTimes.read() ?? "");
}

const processorTimes = new Kept("/proc/stat");

/** From the text of `/proc/stat`; what guests used is in the first columns already. */
export function ticksIn(times: string): Ticks | null {
  const columns = /^cpu +(\d.*)$/m.exec(times)?.[1]?.split(" ").slice(0, 8).map(Number) ?? [];
  const steal = columns[7];
  if (steal === undefined) return null;
  return { total: columns.reduce((sum, ticks) => sum + ticks, 0), steal };
}

/** The share of processor time that was stolen between two readings, 0 to 1. */
export function stealShare(from: Ticks | null, to: Ticks | null): number | null {
  if (from === null || to === null || to.total <= from.total) return null;
  return Math.max(0, to.steal - from.steal) / (to.total - from.total);
}
