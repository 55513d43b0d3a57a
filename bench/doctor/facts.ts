import os from "node:os";
import { getHeapStatistics } from "node:v8";
import { clientsPerAddress } from "../run/serving.ts";
import { nowNs } from "../measure/clock.ts";
import { kernelLimits } from "../machine/kernel-limits.ts";
import type { KernelLimit } from "../machine/kernel-limits.ts";
import { cpuTicks, stealShare, throttledMs } from "../machine/host.ts";
import { hostNow } from "../results/environment.ts";
import type { Host } from "../results/schema.ts";

/** Facts that a machine reports at once, without anything being started; null where it doesn't. */
export interface Facts extends Host {
  /** How long this process's control groups have been kept from running. */
  readonly throttled: {
    readonly ms: number | null;
    readonly since: "its control group was created" | "this command started";
  };
  readonly stolen: {
    /** The share of all processor time, 0 to 1. */
    readonly share: number | null;
    readonly since: "the machine booted" | "this command started" | "the run started";
  };
  readonly clock: Clock;
  /** Memory that processes can still have, within the control groups' limits. */
  readonly availableBytes: number;
  /** The most that the objects of one Node process may take. */
  readonly heapBytes: number;
  /** What all connections of the machine may take together. */
  readonly kernelLimits: readonly KernelLimit[];
}

export interface Clock {
  /** How long one reading takes when nothing comes in between. */
  readonly costNs: number;
  /** The smallest difference between two readings; a millisecond where it would be larger. */
  readonly stepNs: number;
}

/** Takes some milliseconds. `connections` are how many are wanted: that many addresses are tried. */
export async function readFacts(connections: number): Promise<Facts> {
  const host = await hostNow(Math.ceil(connections / clientsPerAddress));
  return {
    ...host,
    throttled: { ms: throttledMs(), since: "its control group was created" },
    stolen: {
      share: stealShare({ total: 0, steal: 0 }, cpuTicks()),
      since: "the machine booted",
    },
    clock: readClock(),
    availableBytes: Math.min(
      os.freemem(),
      process.availableMemory(),
      host.cgroup?.memoryBytes ?? Number.POSITIVE_INFINITY,
    ),
    heapBytes: getHeapStatistics().heap_size_limit,
    kernelLimits: kernelLimits(),
  };
}

const readings = 200;

/** The best of some rounds: the first are slow until the loop is compiled, and any may be interrupted. */
function readClock(): Clock {
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
