import type { Facts } from "../bench/doctor/facts.ts";

/** A machine on which there is nothing to complain about, with `overrides`. */
export function factsOf(overrides: Partial<Facts> = {}): Facts {
  return {
    cpu: "Example CPU",
    cores: 8,
    platform: "linux",
    kernel: "6.1.0",
    hypervisor: "none",
    cgroup: { cpuCores: null, memoryBytes: null },
    throttled: { ms: 0, since: "this command started" },
    stolen: { share: 0, since: "this command started" },
    load: 0.1,
    governor: "performance",
    clock: { source: "tsc", costNs: 60, stepNs: 20 },
    openFiles: { soft: 65_536, hard: 65_536 },
    portRange: [32_768, 60_999],
    addresses: 50,
    acceptBacklog: 4_096,
    availableBytes: 16 * 2 ** 30,
    heapBytes: 4 * 2 ** 30,
    ...overrides,
  };
}

/** What a machine tells that hides /proc and /sys, or has neither. */
export const silent: Partial<Facts> = {
  hypervisor: null,
  cgroup: null,
  throttled: { ms: null, since: "its control group was created" },
  stolen: { share: null, since: "the machine booted" },
  governor: null,
  clock: { source: null, costNs: 60, stepNs: 1_000 },
  openFiles: { soft: null, hard: null },
  portRange: null,
  addresses: 1,
  acceptBacklog: null,
};
