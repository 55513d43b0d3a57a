import type { Resources } from "../results/schema.ts";
import { cpuTicks, processorMs } from "../machine/host.ts";
import { StallDetector } from "./stall-detector.ts";
import type { Stall } from "./stall-detector.ts";

/**
 * Watches, from its construction on, for stalls of the director and for CPU time of other programs on its machine.
 */
export class MachineMonitor implements Disposable {
  readonly #stalls = new StallDetector();
  readonly #ticks = cpuTicks();
  readonly #cpu = process.cpuUsage();

  constructor() {
    this.#stalls.begin();
  }

  longestStall(): Stall {
    return this.#stalls.longestStall();
  }

  /**
   * Processor time that went to processes other than this one and those that are `known`, within a tick
   * of 10 ms for each processor. Null where the system doesn't say, or the server is none of them.
   */
  othersCpuMs(known: readonly Resources[]): number | null {
    const all = processorMs(this.#ticks, cpuTicks());
    if (all === null || !known.some((used) => used.process === "server")) return null;
    const { user, system } = process.cpuUsage(this.#cpu);
    const own = known.reduce((sum, { cpuMs }) => sum + cpuMs, (user + system) / 1e3);
    return Math.max(0, all - own);
  }

  [Symbol.dispose](): void {
    this.#stalls[Symbol.dispose]();
  }
}
