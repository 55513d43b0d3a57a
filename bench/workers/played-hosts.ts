import type { PlayedHost } from "../results/schema.ts";
import type { Placement } from "./worker-hosts.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** The workers that had a part in a run so far, as its results hold them. */
export class PlayedHosts {
  readonly #pool: WorkerPool;
  readonly #played = new Map<string, PlayedHost>();

  constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  /** By their names. */
  get all(): readonly PlayedHost[] {
    return [...this.#played.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Notes who runs what in an attempt of a trial. */
  async note({ servers, clients }: Placement): Promise<void> {
    await Promise.all([...new Set([...servers, ...clients])].map((name) => this.#ask(name)));
    for (const name of servers) this.#ran(name, "servers");
    for (const name of clients) this.#ran(name, "clients");
  }

  /** Asks a worker that is new here what it is. */
  async #ask(name: string): Promise<void> {
    const worker = this.#pool.workers.get(name);
    if (worker === undefined || this.#played.has(name)) return;
    const { role, listen } = worker;
    const { host, software } = await this.#pool.hostOf(name).call("environment", {});
    this.#played.set(name, { name, role, ran: [], addresses: [...listen], host, software });
  }

  #ran(name: string, what: PlayedHost["ran"][number]): void {
    const played = this.#played.get(name);
    if (played === undefined || played.ran.includes(what)) return;
    this.#played.set(name, { ...played, ran: [...played.ran, what].toSorted().toReversed() });
  }
}
