import { readFileSync } from "node:fs";
import { cpuTicks } from "../machine/host.ts";
import type { Ticks } from "../machine/host.ts";

/** What the processors of a machine have done so far. */
export interface Busy {
  /** Names the kernel since its start: equal for workers of one machine; null where the system has no such name. */
  readonly boot: string | null;
  readonly ticks: Ticks | null;
}

export function busy(): Busy {
  return { boot: bootName(), ticks: cpuTicks() };
}

function bootName(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}
