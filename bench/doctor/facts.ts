import os from "node:os";
import { getHeapStatistics } from "node:v8";
import { clientsPerAddress } from "../run/serving.ts";
import { nowNs } from "../measure/clock.ts";
import type { Limits } from "../machine/cgroup.ts";
import { cgroupLimits, cpuTicks, governor, stealShare, throttledMs } from "../machine/host.ts";
import { hypervisor } from "../machine/hypervisor.ts";
import {
  acceptBacklog,
  clockSource,
  loopbackAddresses,
  openFilesLimit,
  portRange,
} from "../machine/kernel.ts";

/** What a machine tells at once, without anything being started. Null where it doesn't. */
export interface Facts {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly kernel: string;
  readonly hypervisor: string | null;
  /** Limits of this process's control groups. */
  readonly cgroup: Limits | null;
  /** How long those groups have been kept from running. */
  readonly throttled: {
    readonly ms: number | null;
    readonly since: "its control group was created" | "this command started";
  };
  readonly stolen: {
    /** Of all processor time, 0 to 1. */
    readonly share: number | null;
    readonly since: "the machine booted" | "this command started" | "the run started";
  };
  /** Processes that ran or waited to run, on average over the last minute. */
  readonly load: number;
  readonly governor: string | null;
  readonly clock: Clock;
  readonly openFiles: { readonly soft: number | null; readonly hard: number | null };
  readonly portRange: readonly [number, number] | null;
  /** How many of the loopback addresses that were looked for can be listened on. */
  readonly addresses: number;
  readonly acceptBacklog: number | null;
  /** Memory that processes can still have, within the control groups' limits. */
  readonly availableBytes: number;
  /** The most that the objects of one Node process may take. */
  readonly heapBytes: number;
}

export interface Clock {
  readonly source: string | null;
  /** What one reading takes when nothing comes in between. */
  readonly costNs: number;
  /** The smallest difference between two readings; a millisecond where it would be larger. */
  readonly stepNs: number;
}

/** Takes some milliseconds. `connections` are how many are wanted: that many addresses are tried. */
export async function readFacts(connections: number): Promise<Facts> {
  const cgroup = cgroupLimits();
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown processor",
    cores: os.availableParallelism(),
    platform: os.platform(),
    kernel: os.release(),
    hypervisor: hypervisor(),
    cgroup,
    throttled: { ms: throttledMs(), since: "its control group was created" },
    stolen: {
      share: stealShare({ total: 0, steal: 0 }, cpuTicks()),
      since: "the machine booted",
    },
    load: os.loadavg()[0] ?? 0,
    governor: governor(),
    clock: { source: clockSource(), ...readClock() },
    openFiles: { soft: openFilesLimit(), hard: openFilesLimit("hard") },
    portRange: portRange(),
    addresses: (await loopbackAddresses(Math.ceil(connections / clientsPerAddress))).length,
    acceptBacklog: acceptBacklog(),
    availableBytes: Math.min(
      os.freemem(),
      process.availableMemory(),
      cgroup?.memoryBytes ?? Number.POSITIVE_INFINITY,
    ),
    heapBytes: getHeapStatistics().heap_size_limit,
  };
}

const readings = 200;

/** The best of some rounds: the first are slow until the loop is compiled, and any may be interrupted. */
function readClock(): Pick<Clock, "costNs" | "stepNs"> {
  let stepNs = 1e6;
  let roundNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 25; round += 1) {
    const startNs = nowNs();
    let before = startNs;
    for (let reading = 0; reading < readings; reading += 1) {
      const now = nowNs();
      if (now > before) stepNs = Math.min(stepNs, now - before);
      before = now;
    }
    roundNs = Math.min(roundNs, before - startNs);
  }
  return { costNs: Math.round(roundNs / readings), stepNs };
}
