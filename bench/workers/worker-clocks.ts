import { correctClock, ownNs } from "../measure/clock.ts";
import type { HostClock } from "../results/schema.ts";
import type { HostClocks } from "../run/host.ts";
import { exchange, offsetOf } from "./clock-exchange.ts";
import type { Exchange, Offset, Peer } from "./clock-exchange.ts";
import { knownClock, missedNs } from "./host-clocks.ts";
import type { KnownClock } from "./host-clocks.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Offsets that a drift is told from. */
const kept = 16;

/** Rounds over Redis, which take longer than a connection's. */
const rounds = 16;

interface Learnt {
  readonly offsets: readonly [Offset, ...Offset[]];
  readonly known: KnownClock;
}

/** The clocks of a run's machines, corrected to that of the first server: latency is told by it and by clients'. */
export class WorkerClocks implements HostClocks {
  readonly #pool: WorkerPool;
  readonly #reference: string;
  #others: readonly string[] = [];
  readonly #peer: Peer | null;
  readonly #learnt = new Map<string, Learnt>();
  #own: Learnt | null = null;

  constructor(pool: WorkerPool, reference: string) {
    this.#pool = pool;
    this.#reference = reference;
    this.#peer = pool.workers.get(reference)?.clock ?? null;
  }

  /** Keeps those of these workers together from here on. */
  keep(workers: readonly string[]): void {
    this.#others = [...new Set(workers)].filter((worker) => worker !== this.#reference);
  }

  async agree(): Promise<void> {
    await Promise.all([this.#correctOwn(), ...this.#others.map((worker) => this.#correct(worker))]);
  }

  async look(): Promise<HostClock[]> {
    const counting = { host: this.#reference, offsetNs: 0, boundNs: 0, driftPpm: 0 };
    const others = this.#others.map(async (host) => {
      const { known } = this.#learnt.get(host) ?? (await this.#correct(host));
      const found = await this.#ask(host);
      const { offsetNs } = found;
      // At the beginning of the phase, or by now.
      const boundNs = Math.max(known.boundNs, missedNs(known, found));
      return { host, offsetNs, boundNs, driftPpm: known.driftPpm };
    });
    return [counting, ...(await Promise.all(others))];
  }

  async #correct(worker: string): Promise<Learnt> {
    const learnt = learn(this.#learnt.get(worker), await this.#ask(worker));
    this.#learnt.set(worker, learnt);
    await this.#pool.correctClocks(worker, learnt.known.correction);
    return learnt;
  }

  #ask(worker: string): Promise<Offset> {
    const peer = this.#peer;
    if (peer === null) throw new Error(`worker ${this.#reference} is gone`);
    return this.#pool.hostOf(worker).call("offset", { peer });
  }

  /** This process's own clock tells when phases begin, and nothing that is a latency. */
  async #correctOwn(): Promise<void> {
    const offset =
      this.#peer === null ? await this.#overRedis() : await exchange(this.#peer).catch(() => null);
    this.#own = learn(this.#own ?? undefined, offset ?? (await this.#overRedis()));
    correctClock(this.#own.known.correction);
  }

  /** Where no connection leads to that machine. */
  async #overRedis(): Promise<Offset> {
    const host = this.#pool.hostOf(this.#reference);
    const exchanges: Exchange[] = [];
    while (exchanges.length < rounds) {
      const askedNs = ownNs();
      const { nowNs } = await host.call("clock", {});
      exchanges.push({ askedNs, receivedNs: nowNs, repliedNs: nowNs, answeredNs: ownNs() });
    }
    return offsetOf(exchanges);
  }
}

function learn(before: Learnt | undefined, offset: Offset): Learnt {
  const [first = offset, ...more] = [...(before?.offsets ?? []), offset].slice(-kept);
  const offsets: Learnt["offsets"] = [first, ...more];
  return { offsets, known: knownClock(offsets) };
}
