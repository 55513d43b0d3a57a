import { processorMs } from "../machine/host.ts";
import type { Resources } from "../results/schema.ts";
import type { HostLoads } from "../run/host.ts";
import { sum } from "../statistics/basics.ts";
import type { Busy } from "./busy.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** What other programs take of the processors of hosts, as `MachineMonitor` tells it of this machine. */
export class BusyHosts implements HostLoads {
  readonly #pool: Pick<WorkerPool, "hostOf">;
  readonly #hosts: readonly string[];
  readonly #before = new Map<string, Busy>();

  constructor(pool: Pick<WorkerPool, "hostOf">, hosts: readonly string[]) {
    this.#pool = pool;
    this.#hosts = [...new Set(hosts)];
  }

  async begin(): Promise<void> {
    await Promise.all(
      this.#hosts.map(async (host) => this.#before.set(host, await this.#ask(host))),
    );
  }

  async othersCpuMs(known: readonly Resources[]): Promise<number | null> {
    const { host } = longestWaiting(known) ?? {};
    const before = host === undefined ? undefined : this.#before.get(host);
    const isKnown = known.some(({ process }) => process === "server");
    if (host === undefined || before === undefined || !isKnown) return null;
    const all = processorMs(before.ticks, (await this.#ask(host)).ticks);
    // Workers may share a machine.
    const isBeside = (name = ""): boolean => this.#before.get(name)?.boot === before.boot;
    const own = known.filter((used) => isBeside(used.host));
    return all === null ? null : Math.max(0, all - sum(own.map(({ cpuMs }) => cpuMs)));
  }

  #ask(host: string): Promise<Busy> {
    return this.#pool.hostOf(host).call("busy", {});
  }
}

/** What others do matters on the host of the process that has waited longest. */
function longestWaiting(known: readonly Resources[]): Resources | undefined {
  const share = ({ waitedMs, durationMs }: Resources): number => (waitedMs ?? 0) / durationMs;
  return known.toSorted((a, b) => share(b) - share(a))[0];
}
