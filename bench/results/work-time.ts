import type { Resources } from "./schema.ts";

/** Processor time of a process without what its pacer busy-waited, in milliseconds. */
export function workMs({ cpuMs, turningMs }: Pick<Resources, "cpuMs" | "turningMs">): number {
  return cpuMs - turningMs;
}
