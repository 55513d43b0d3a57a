import { usageError } from "../errors/errors.ts";
import { sum } from "../statistics/basics.ts";
import { uncorrected } from "../measure/clock.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import type { Host, Hosts } from "../run/host.ts";
import type { Naming } from "../settings/naming.ts";
import type { PlayedHost } from "../results/schema.ts";
import type { WorkerRecord } from "./messages.ts";
import { BusyHosts } from "./busy-hosts.ts";
import { checkPlan } from "./plan-check.ts";
import type { AskedWorkers } from "./plan-check.ts";
import { PlayedHosts } from "./played-hosts.ts";
import { WorkerClocks } from "./worker-clocks.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Which workers run servers, and which run clients. */
export interface Placement {
  readonly servers: readonly [string, ...string[]];
  readonly clients: readonly [string, ...string[]];
}

/**
 * Workers do what they are for; those that are for both share it: so many of them as there are servers, half at most,
 * run servers. One worker alone does both. Throws a `BenchError` where nobody is left for one of the two.
 */
export function placementOf(
  workers: ReadonlyMap<string, Pick<WorkerRecord, "role">>,
  servers: number,
  setting: string,
): Placement {
  const having = (role: WorkerRecord["role"]): string[] =>
    [...workers].filter(([, worker]) => worker.role === role).map(([name]) => name);
  const both = having("both");
  const forServers = having("servers");
  const forClients = having("clients");
  const shared =
    forServers.length > 0 ? 0 : Math.min(servers, Math.ceil(both.length / 2), both.length);
  const [server, ...moreServers] = [...forServers, ...both.slice(0, shared)];
  const rest = both.slice(forClients.length === 0 && both.length === shared ? 0 : shared);
  const [client, ...moreClients] = [...forClients, ...rest];
  if (server === undefined || client === undefined) {
    const lacking = server === undefined ? "servers" : "clients";
    throw usageError(`${setting}: no worker is there that runs ${lacking}`);
  }
  return { servers: [server, ...moreServers], clients: [client, ...moreClients] };
}

/** Both sides of each attempt of a trial, on workers that are there then. */
export class WorkerHosts {
  readonly #pool: WorkerPool;
  readonly #setting: string;
  /** By the worker whose clock counts. */
  readonly #clocks = new Map<string, WorkerClocks>();
  readonly #played: PlayedHosts;

  /** `setting` names where the workers were found. */
  constructor(pool: WorkerPool, setting: string) {
    this.#pool = pool;
    this.#setting = setting;
    this.#played = new PlayedHosts(pool);
  }

  /** Those that had a part in a trial so far. */
  get played(): readonly PlayedHost[] {
    return this.#played.all;
  }

  /** Looks whether workers have what trials need; see `checkPlan`. */
  async check(plan: readonly Batch[], naming: Naming): Promise<void> {
    const pool = this.#pool;
    const workers: AskedWorkers = {
      capacity: (name) => pool.workers.get(name)?.capacity ?? 0,
      listen: (name) => pool.workers.get(name)?.listen ?? [],
      lacks: (name, program) => pool.hostOf(name).call("lacks", { program }),
      unreached: (name, place) => pool.hostOf(name).call("unreached", { place }),
    };
    await checkPlan(workers, plan, (trial) => this.#placementOf(trial), naming);
  }

  #placementOf({ servers }: Pick<PlannedTrial, "servers">): Placement {
    const pool = this.#pool;
    const present = new Map([...pool.workers].filter(([name]) => pool.present.includes(name)));
    return placementOf(present, servers, this.#setting);
  }

  async of(trial: Pick<PlannedTrial, "servers">): Promise<Hosts> {
    const pool = this.#pool;
    const placement = this.#placementOf(trial);
    const [reference] = placement.servers;
    const clocks = this.#clocks.get(reference) ?? new WorkerClocks(pool, reference);
    // Its own clock counts from here on, and no longer that of one that is gone.
    if (!this.#clocks.has(reference)) await pool.correctClocks(reference, uncorrected);
    this.#clocks.set(reference, clocks);
    clocks.keep([...placement.servers, ...placement.clients]);
    await clocks.agree();
    await this.#played.note(placement);
    const attempt = await pool.begin();
    return {
      servers: hostOn(pool, attempt.id, placement.servers),
      clients: hostOn(pool, attempt.id, placement.clients),
      attempt,
      loads: new BusyHosts(pool, [...placement.servers, ...placement.clients]),
      link: null,
      clocks,
      packets: null,
    };
  }
}

/** Null where one of them is unknown. */
function knownSum(all: readonly (number | null)[]): number | null {
  const known = all.filter((bytes) => bytes !== null);
  return known.length < all.length ? null : sum(known);
}

/** Processes go to these workers in turn. */
function hostOn(
  pool: WorkerPool,
  attempt: string,
  workers: readonly [string, ...string[]],
  index = 0,
): Host {
  const worker = workers[index % workers.length] ?? workers[0];
  const listen = pool.workers.get(worker)?.listen ?? [];
  return {
    start: (entry, name) => pool.start(worker, attempt, entry, name),
    at: (next) => hostOn(pool, attempt, workers, next),
    // All servers of one machine may listen on the same: each has a port of its own.
    serverAddresses: async () => listen,
    async kernelMemoryBytes() {
      const asked = workers.map((name) => pool.hostOf(name).call("kernelMemoryBytes", {}));
      return knownSum(await Promise.all(asked));
    },
    async receiveQueueBytes(ports) {
      const asked = workers.map((name) =>
        pool.hostOf(name).call("receiveQueueBytes", { ports: [...ports] }),
      );
      return knownSum(await Promise.all(asked));
    },
  };
}
