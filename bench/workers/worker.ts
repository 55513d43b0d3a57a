import { randomUUID } from "node:crypto";
import os from "node:os";
import type { Job, Worker as JobsOf } from "bullmq";
import type { Redis } from "ioredis";
import { usageError } from "../errors/errors.ts";
import { listing } from "../text/format.ts";
import { forkProcess } from "../processes/remote.ts";
import type { LocalRemote } from "../processes/remote.ts";
import type { Verbs } from "../processes/protocol.ts";
import { keys, queueOf } from "./keys.ts";
import { leaseMs, renewMs } from "./leases.ts";
import { Signer, askingSchema, processJobSchema, signedJobSchema } from "./messages.ts";
import type { Ending, SignedJob, Told } from "./messages.ts";
import { joinAs, withOtherTokens, workersAt } from "./presence.ts";
import type { Lease } from "./presence.ts";
import { packages } from "./redis.ts";
import { StreamReader, addTo } from "./stream-reader.ts";

/** How a worker joins. */
export interface WorkerOptions {
  readonly name: string;
  readonly version: string;
  /** Processes at once. */
  readonly capacity: number;
  readonly listen: readonly string[];
  readonly token: string;
  /** Told of each process that starts and ends here. */
  readonly said: (line: string) => void;
}

/** Of whichever kind: a worker passes requests on. */
type AnyProcess = LocalRemote<Verbs>;

/**
 * Runs processes of trials for whoever plays a run. It ends them when it is told to, when the run's lease is over, and
 * when its own is: then it is taken for dead, and what it held is played again elsewhere.
 */
export class Worker implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #options: WorkerOptions;
  readonly #signer: Signer;
  readonly #processes = new Map<string, { readonly run: string; readonly remote: AnyProcess }>();
  readonly #watch: NodeJS.Timeout;
  #lease: Lease | null = null;
  #requests: StreamReader | null = null;
  #jobs: JobsOf<SignedJob> | null = null;

  /** Resolves when the worker can be found. */
  static async join(redis: Redis, options: WorkerOptions): Promise<Worker> {
    const worker = new Worker(redis, options);
    await worker.#join();
    return worker;
  }

  private constructor(redis: Redis, options: WorkerOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#signer = new Signer(options.token);
    this.#watch = setInterval(() => void this.#endOrphans(), renewMs);
  }

  get name(): string {
    return this.#options.name;
  }

  async #join(): Promise<void> {
    const { name, version, capacity, listen } = this.#options;
    const strangers = withOtherTokens(await workersAt(this.#redis), this.#signer);
    if (strangers.length > 0) {
      throw usageError(`--token-file: not the token that ${listing(strangers)} joined with`);
    }
    const take = (text: string, signature: string): void => this.#take(text, signature);
    this.#requests = await StreamReader.open(this.#redis, keys.requests(name), take);
    const { JobWorker } = await packages();
    this.#jobs = new JobWorker<SignedJob>(queueOf(name), (job) => this.#play(job), {
      connection: this.#redis.duplicate(),
      concurrency: capacity,
      lockDuration: leaseMs,
      // A process that was lost is not started again: its trial is.
      maxStalledCount: 0,
      stalledInterval: leaseMs,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#jobs.on("error", () => {});
    const instance = randomUUID();
    const record = {
      version,
      instance,
      proof: this.#signer.sign(instance),
      capacity,
      listen: [...listen],
      host: os.hostname(),
      cores: os.availableParallelism(),
    };
    this.#lease = await joinAs(this.#redis, name, record, () => void this.#lose());
  }

  /** Its lease is over: nobody counts on what it holds any more. */
  async #lose(): Promise<void> {
    this.#options.said("taken for dead: no sign of life reached Redis in time; joining anew");
    await this.#leave();
    await this.#join();
  }

  async #leave(): Promise<void> {
    const jobs = this.#jobs;
    this.#jobs = null;
    for (const id of this.#processes.keys()) await this.#end(id);
    await this.#lease?.[Symbol.asyncDispose]();
    await Promise.all([jobs?.close(true), this.#requests?.[Symbol.asyncDispose]()]);
  }

  /** Lasts as long as the process: so does the job's lock. */
  async #play(job: Job<SignedJob>): Promise<void> {
    const { text, signature } = signedJobSchema.parse(job.data);
    const { run, process, entry, name } = processJobSchema.parse(JSON.parse(text));
    const tell = (told: { readonly ended: Ending }): Promise<void> =>
      this.#tell(run, { process, ...told });
    if (!this.#signer.verifies(text, signature)) {
      const reason = `worker ${this.#options.name} has another token`;
      return tell({ ended: { reason, stderr: "", isExplained: true } });
    }
    const remote: AnyProcess = forkProcess(`bench/processes/${entry}`, name, {
      endsOthers: entry === "publisher",
      // Whoever asks decides how long it may take.
      answerMs: Number.POSITIVE_INFINITY,
    });
    this.#processes.set(process, { run, remote });
    this.#options.said(`${name} of run ${run} has started`);
    const { message: reason, stderr, isExplained } = await remote.ended;
    this.#processes.delete(process);
    this.#options.said(`${name} of run ${run} has ended`);
    await tell({ ended: { reason, stderr, isExplained } });
  }

  #take(text: string, signature: string): void {
    if (!this.#signer.verifies(text, signature)) return;
    const { process, id, verb, args } = askingSchema.parse(JSON.parse(text));
    const held = this.#processes.get(process);
    if (held === undefined) return;
    if (verb === null) return void this.#end(process);
    const { run, remote } = held;
    void remote
      .ask(verb, args)
      // The end of the process is told by itself.
      .then(
        (answer) => this.#tell(run, { process, answer: { ...answer, id } }),
        () => {},
      );
  }

  async #tell(run: string, told: Told): Promise<void> {
    await addTo(this.#redis, keys.answers(run), JSON.stringify(told));
  }

  async #end(id: string): Promise<void> {
    await this.#processes.get(id)?.remote[Symbol.asyncDispose]();
  }

  /** Ends the processes of runs that nobody plays any more. */
  async #endOrphans(): Promise<void> {
    const runs = [...new Set([...this.#processes.values()].map(({ run }) => run))];
    if (runs.length === 0 || this.#redis.status !== "ready") return;
    const leases = await this.#redis.mget(runs.map(keys.run));
    for (const [id, { run }] of this.#processes) {
      if (leases[runs.indexOf(run)] === null) await this.#end(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    await this.#leave();
    if (this.#redis.status === "ready") await this.#redis.srem(keys.workers, this.#options.name);
    this.#redis.disconnect();
  }
}
