import type { Facts } from "../bench/doctor/facts.ts";
import { environment } from "./results-fixture.ts";

/** A machine on which there is nothing to complain about, with `overrides`. */
export function factsOf(overrides: Partial<Facts> = {}): Facts {
  return {
    ...environment.host,
    cores: 8,
    throttled: { ms: 0, since: "this command started" },
    stolen: { share: 0, since: "this command started" },
    clock: { costNs: 60, stepNs: 20 },
    openFilesLimit: 65_536,
    openFilesHardLimit: 65_536,
    loopbackAddresses: 50,
    availableBytes: 16 * 2 ** 30,
    heapBytes: 4 * 2 ** 30,
    kernelLimits: [],
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
  clockSource: null,
  clock: { costNs: 60, stepNs: 1_000 },
  openFilesLimit: null,
  openFilesHardLimit: null,
  portRange: null,
  loopbackAddresses: 1,
  acceptBacklog: null,
};
