import type { Redis } from "ioredis";
import { usageError } from "../errors/errors.ts";
import { listing } from "../text/format.ts";
import { keys } from "./keys.ts";
import { leaseMs, renewMs } from "./leases.ts";
import { workerRecordSchema } from "./messages.ts";
import type { Signer, WorkerRecord } from "./messages.ts";
import { whileItMatters } from "./redis.ts";

/** Something in Redis that is there for as long as this process renews it. */
export class Lease implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #key: string;
  #value: string;
  readonly #lost: () => void;
  readonly #timer: NodeJS.Timeout;
  #renewedMs = performance.now();
  #isLost = false;

  /** Null where somebody else has it. `lost` is called once if it can't be renewed in time. */
  static async take(
    redis: Redis,
    key: string,
    value: string,
    lost: () => void,
  ): Promise<Lease | null> {
    const taken = await redis.set(key, value, "PX", leaseMs, "NX");
    return taken === null ? null : new Lease(redis, key, value, lost);
  }

  private constructor(redis: Redis, key: string, value: string, lost: () => void) {
    this.#redis = redis;
    this.#key = key;
    this.#value = value;
    this.#lost = lost;
    this.#timer = setInterval(() => void this.#renew(), renewMs);
  }

  async #renew(): Promise<void> {
    // Also where Redis doesn't answer at all.
    if (performance.now() - this.#renewedMs > leaseMs) return this.#lose();
    const askedMs = performance.now();
    const renewed = await this.#redis
      .set(this.#key, this.#value, "PX", leaseMs, "XX")
      .catch(() => "");
    if (renewed === null) this.#lose();
    else if (renewed === "OK") this.#renewedMs = askedMs;
  }

  /** Has others find another value from here on. */
  change(value: string): void {
    this.#value = value;
    void this.#renew();
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    clearInterval(this.#timer);
    this.#lost();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    if (this.#isLost || this.#redis.status !== "ready") return;
    await whileItMatters(this.#redis.del(this.#key));
  }
}

/** Has a worker be found for as long as the lease isn't lost; throws where its name is taken. */
export async function joinAs(
  redis: Redis,
  name: string,
  record: WorkerRecord,
  lost: () => void,
): Promise<Lease> {
  const lease = await Lease.take(redis, keys.worker(name), JSON.stringify(record), lost);
  if (lease === null) throw usageError(`--name: a worker called "${name}" is there already`);
  await redis.sadd(keys.workers, name);
  return lease;
}

/** The workers that are there, by their names; those that are gone are forgotten. */
export async function workersAt(redis: Redis): Promise<ReadonlyMap<string, WorkerRecord>> {
  const names = (await redis.smembers(keys.workers)).toSorted();
  const records = names.length === 0 ? [] : await redis.mget(names.map(keys.worker));
  const gone = names.filter((_, index) => records[index] === null);
  if (gone.length > 0) await redis.srem(keys.workers, ...gone);
  return new Map(
    names.flatMap((name, index) => {
      const record = records[index];
      if (record == null) return [];
      const parsed = workerRecordSchema.safeParse(JSON.parse(record));
      return parsed.success ? [[name, parsed.data] as const] : [];
    }),
  );
}

/** Throws a `BenchError` where some have joined with another token. */
export function checkTokens(workers: ReadonlyMap<string, WorkerRecord>, signer: Signer): void {
  const others = [...workers]
    .filter(([, { instance, proof }]) => !signer.verifies(instance, proof))
    .map(([name]) => name);
  if (others.length === 0) return;
  throw usageError(`--token-file: not the token that ${listing(others)} joined with`);
}
