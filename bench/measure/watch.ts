import type { Resources } from "../results/schema.ts";
import { cpuTicks, processorMs } from "../machine/host.ts";
import { Pulse } from "./pulse.ts";
import type { StandStill } from "./pulse.ts";

/** What the director sees of itself, and of everybody else on its machine, from here on. */
export class Watch implements Disposable {
  readonly #pulse = new Pulse();
  readonly #ticks = cpuTicks();
  readonly #cpu = process.cpuUsage();

  constructor() {
    this.#pulse.begin();
  }

  standStill(): StandStill {
    return this.#pulse.standStill();
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
    this.#pulse[Symbol.dispose]();
  }
}
