import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { usageError } from "../errors/errors.ts";
import type { Verbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { ClockCorrection } from "../measure/clock.ts";
import type { HostVerbs } from "./host-verbs.ts";
import { keys, queueOf } from "./keys.ts";
import { leaseMs, renewMs } from "./leases.ts";
import { Signer, toldSchema } from "./messages.ts";
import type { Asking, ProcessJob, SignedJob, Told, WorkerRecord } from "./messages.ts";
import { Lease, checkTokens, workersAt } from "./presence.ts";
import { packages, whileItMatters } from "./redis.ts";
import { StreamReader, addTo } from "./stream-reader.ts";
import { WorkerProcess } from "./worker-process.ts";

interface Held {
  readonly worker: string;
  /** Null for the worker itself. */
  readonly attempt: string | null;
  readonly process: WorkerProcess<Verbs>;
}

/** An attempt of a trial. */
export interface Attempt extends AsyncDisposable {
  readonly id: string;
}

/** The workers of a run, for who plays it: starts processes there, passes requests on, and sees who is gone. */
export class WorkerPool implements AsyncDisposable {
  readonly run: string = randomUUID();
  readonly workers: ReadonlyMap<string, WorkerRecord>;
  readonly #redis: Redis;
  readonly #signer: Signer;
  readonly #said: (line: string) => void;
  readonly #queues = new Map<string, Queue<SignedJob>>();
  readonly #held = new Map<string, Held>();
  readonly #corrections = new Map<string, ClockCorrection>();
  readonly #hosts = new Map<string, Remote<HostVerbs>>();
  /** Those that have been gone once: what they say afterwards belongs to no process any more. */
  readonly #gone = new Set<string>();
  /** Those that take no more trials. */
  readonly #leaving = new Set<string>();
  readonly #watch: NodeJS.Timeout;
  #answers: StreamReader | null = null;
  readonly #leases = new Set<Lease>();
  #seenMs = performance.now();

  /** Uses the workers that are there now; throws a `BenchError` where none is that could be used. */
  static async open(
    redis: Redis,
    setting: string,
    version: string,
    token: string,
    said: (line: string) => void,
  ): Promise<WorkerPool> {
    const found = [...(await workersAt(redis))];
    const all = new Map(found.filter(([, { isLeaving }]) => !isLeaving));
    const other = [...all].find(([, record]) => record.version !== version);
    if (other !== undefined) {
      throw usageError(
        `${setting}: worker ${other[0]} is of version ${other[1].version}, and this is ${version}`,
      );
    }
    if (all.size === 0) {
      throw usageError(`${setting}: no worker is there; start one on each machine by bench worker`);
    }
    checkTokens(all, new Signer(token));
    const pool = new WorkerPool(redis, all, token, said);
    try {
      await pool.#open();
      return pool;
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(
    redis: Redis,
    workers: ReadonlyMap<string, WorkerRecord>,
    token: string,
    said: (line: string) => void,
  ) {
    this.#said = said;
    this.#redis = redis;
    this.workers = workers;
    this.#signer = new Signer(token);
    this.#watch = setInterval(() => void this.#look(), renewMs);
  }

  async #open(): Promise<void> {
    const lost = (): void => this.#lose([...this.workers.keys()], "Redis didn't answer");
    await this.#reserve(lost);
    this.#answers = await StreamReader.open(this.#redis, keys.answers(this.run), (text) =>
      this.#take(toldSchema.parse(JSON.parse(text))),
    );
    const { Queue } = await packages();
    for (const [worker, { instance }] of this.workers) {
      const host = this.#hold<HostVerbs>(worker, null, instance, `worker ${worker}`);
      this.#hosts.set(worker, host);
      const queue = new Queue<SignedJob>(queueOf(worker), { connection: this.#redis });
      queue.on("error", () => {});
      this.#queues.set(worker, queue);
    }
  }

  /** Waits until none of the workers is another run's, and has them for this one. */
  async #reserve(lost: () => void): Promise<void> {
    // In the same order for all runs, so that no two wait for each other.
    for (const worker of this.workers.keys()) {
      for (let isWaiting = false; ; isWaiting = true) {
        const key = keys.reserved(worker);
        const lease = await Lease.take(this.#redis, key, this.run, lost);
        if (lease !== null) {
          this.#leases.add(lease);
          break;
        }
        if (!isWaiting) this.#said(`worker ${worker} is another run's; waiting for its end`);
        await setTimeout(renewMs);
      }
    }
  }

  /** Those that haven't been gone since the run began, and don't leave. */
  get present(): readonly string[] {
    const isThere = (worker: string): boolean =>
      !this.#gone.has(worker) && !this.#leaving.has(worker);
    return [...this.workers.keys()].filter(isThere);
  }

  /**
   * Begins an attempt of a trial, for as long as it isn't disposed of: after that workers take no job and no request of
   * it any more, however late these come, and end what they still have of it.
   */
  async begin(): Promise<Attempt> {
    const id = randomUUID();
    // Where Redis doesn't answer, leases of workers are lost, too.
    const lease = await Lease.take(this.#redis, keys.attempt(id), this.run, () => {});
    const over = async (): Promise<void> => {
      await lease?.[Symbol.asyncDispose]();
      if (lease !== null) this.#leases.delete(lease);
    };
    if (lease !== null) this.#leases.add(lease);
    return { id, [Symbol.asyncDispose]: over };
  }

  /** Starts a process of an attempt on a worker. */
  start<V extends Verbs>(
    worker: string,
    attempt: string,
    entry: ProcessJob["entry"],
    name: string,
  ): Remote<V> {
    const id = randomUUID();
    const process = this.#hold<V>(worker, attempt, id, name);
    const job: ProcessJob = { run: this.run, attempt, process: id, entry, name };
    const correction = this.#corrections.get(worker);
    if (correction !== undefined) void correct(process, correction);
    const text = JSON.stringify(job);
    const signed = { text, signature: this.#signer.sign(text) };
    const fail = (reason: string): void => process.isGone(reason);
    const queue = this.#queues.get(worker);
    if (queue === undefined || this.#gone.has(worker)) fail(goneText(worker, name));
    else if (this.#isFull(worker, attempt)) fail(`${name}: ${fullText(worker)}`);
    else queue.add(entry, signed, { attempts: 1 }).catch((error: Error) => fail(error.message));
    return process;
  }

  /** Whether it would wait for its place, which others have until the attempt is over. */
  #isFull(worker: string, attempt: string): boolean {
    const held = [...this.#held.values()].filter((one) => one.worker === worker);
    const running = held.filter((one) => one.attempt === attempt).length;
    return running > (this.workers.get(worker)?.capacity ?? 0);
  }

  /** Has all processes of a worker correct their clocks, also those that it starts later. */
  async correctClocks(worker: string, by: ClockCorrection): Promise<void> {
    this.#corrections.set(worker, by);
    const there = [...this.#held.values()].filter((held) => held.worker === worker);
    await Promise.all(there.map(({ process }) => correct(process, by)));
  }

  /** Asks the worker itself. */
  hostOf(worker: string): Remote<HostVerbs> {
    const held = this.#hosts.get(worker);
    if (held === undefined) throw new Error(`no worker ${worker}`);
    return held;
  }

  #hold<V extends Verbs>(
    worker: string,
    attempt: string | null,
    id: string,
    name: string,
  ): WorkerProcess<V> {
    const process = new WorkerProcess<V>(name, worker, (asking) =>
      this.#ask(worker, { run: this.run, attempt, process: id, ...asking }),
    );
    this.#held.set(id, { worker, attempt, process });
    void process.ended.then(() => this.#held.delete(id));
    return process;
  }

  #ask(worker: string, asking: Asking): void {
    const text = JSON.stringify(asking);
    addTo(this.#redis, keys.requests(worker), text, this.#signer.sign(text)).catch(() => {});
  }

  #take(told: Told): void {
    const held = this.#held.get(told.process);
    if (held === undefined) return;
    const { worker, process } = held;
    if (told.answer !== undefined) process.answered(told.answer);
    // The next trial may begin before it is looked who is there.
    if (told.ended?.isWorkers === true) this.#leaving.add(worker);
    if (told.ended !== undefined) process.hasEnded(told.ended);
  }

  /** Sees which workers have given no sign of life. */
  async #look(): Promise<void> {
    if (performance.now() - this.#seenMs > leaseMs + renewMs) {
      return this.#lose([...this.workers.keys()], "Redis doesn't answer");
    }
    const now = await workersAt(this.#redis).catch(() => null);
    if (now === null) return;
    this.#seenMs = performance.now();
    for (const [name, { isLeaving }] of now) if (isLeaving) this.#leaving.add(name);
    // One of the same name that has joined since holds nothing of this run.
    const gone = [...this.workers].flatMap(([name, { instance }]) =>
      now.get(name)?.instance === instance ? [] : [name],
    );
    this.#lose(
      gone.filter((name) => !this.#gone.has(name)),
      null,
    );
  }

  #lose(workers: readonly string[], why: string | null): void {
    for (const worker of workers) {
      this.#gone.add(worker);
      for (const { worker: at, process } of this.#held.values()) {
        if (at !== worker) continue;
        const reason = why === null ? goneText(worker, process.name) : `${process.name}: ${why}`;
        process.isGone(reason);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    this.#answers?.[Symbol.dispose]();
    await Promise.all([...this.#leases].map((lease) => lease[Symbol.asyncDispose]()));
    const closed = [...this.#queues.values()].map((queue) => queue.close());
    // Without Redis, both would be waited for.
    if (this.#redis.status === "ready") {
      const forgotten = this.#redis.del(keys.answers(this.run));
      await whileItMatters(Promise.all([...closed, forgotten]));
    } else {
      for (const closing of closed) closing.catch(() => {});
    }
    this.#redis.disconnect();
  }
}

/** Some have none to correct; those that are gone are told by others. */
async function correct(process: WorkerProcess<Verbs>, by: ClockCorrection): Promise<void> {
  await process.pass("correctClock", by).catch(() => {});
}

function fullText(worker: string): string {
  return `worker ${worker} runs no more processes at once: see its --capacity`;
}

function goneText(worker: string, name: string): string {
  return `${name}: worker ${worker} has left, or gave no sign of life for ${leaseMs / 1_000} s`;
}
