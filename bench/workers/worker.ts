import { randomUUID } from "node:crypto";
import type { Server } from "node:net";
import os from "node:os";
import type { Job, Worker as JobsOf } from "bullmq";
import type { Redis } from "ioredis";
import { codeOf, usageError } from "../errors/errors.ts";
import { forkProcess } from "../processes/remote.ts";
import type { LocalRemote } from "../processes/remote.ts";
import type { Verbs } from "../processes/protocol.ts";
import { answer } from "../processes/serve-verbs.ts";
import type { Environment } from "../results/schema.ts";
import type { Answer, Request } from "../processes/serve-verbs.ts";
import { peerAt, tellTime } from "./clock-exchange.ts";
import { hostVerbsOf } from "./host-verbs.ts";
import type { HostVerbs } from "./host-verbs.ts";
import { keys, queueOf } from "./keys.ts";
import { leaseMs, renewMs } from "./leases.ts";
import { Signer, askingSchema, processJobSchema, signedJobSchema } from "./messages.ts";
import type { Asking, Ending, ProcessJob, SignedJob, Told, WorkerRecord } from "./messages.ts";
import { joinAs, checkTokens, workersAt } from "./presence.ts";
import type { Lease } from "./presence.ts";
import { packages, whileItMatters } from "./redis.ts";
import { StreamReader, addTo } from "./stream-reader.ts";

/** How a worker joins. */
export interface WorkerOptions {
  readonly name: string;
  readonly version: string;
  /** Processes at once. */
  readonly capacity: number;
  readonly role: WorkerRecord["role"];
  readonly listen: readonly string[];
  readonly token: string;
  /** Its hardware and software. */
  readonly environment: Environment;
  /** Told of each process that starts and ends here. */
  readonly said: (line: string) => void;
  /** Starts a process: a measuring one if nothing is said. */
  readonly fork?: (entry: ProcessJob["entry"], name: string) => AnyProcess;
}

/** Of whichever kind: a worker passes requests on. */
export type AnyProcess = Pick<LocalRemote<Verbs>, "ended" | "ask" | typeof Symbol.asyncDispose>;

function forkMeasuring(entry: ProcessJob["entry"], name: string): AnyProcess {
  return forkProcess(`bench/processes/${entry}`, name, {
    endsOthers: entry === "publisher" || entry === "program",
    // Whoever asks decides how long it may take.
    answerMs: Number.POSITIVE_INFINITY,
  });
}

/** A process that runs here, and what it is part of. */
interface Held extends Pick<ProcessJob, "run" | "attempt"> {
  readonly remote: AnyProcess;
}

const endedAtOnce = "was told to end at once";

/** How a process ends that a worker has no part in, or none any more. */
const refused = { stderr: "", isExplained: true, isWorkers: true } as const;

/**
 * Runs processes of trials for whoever plays a run. It ends them when it is told to, when the run's lease is over, and
 * when its own is: then it is taken for dead, and what it held is played again elsewhere.
 */
export class Worker implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #options: WorkerOptions;
  readonly #signer: Signer;
  readonly #time: Server;
  readonly #processes = new Map<string, Held>();
  /** Requests to processes whose jobs haven't come yet. */
  readonly #early = new Map<string, readonly Asking[]>();
  readonly #watch: NodeJS.Timeout;
  #instance = "";
  readonly #verbs: HostVerbs;
  #isLeaving = false;
  /** Whether it ends all that it runs. */
  #isEnding = false;
  /** Called when the last process has ended. */
  #isIdle: () => void = () => {};
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #lease: Lease | null = null;
  #requests: StreamReader | null = null;
  #jobs: JobsOf<SignedJob> | null = null;

  /** Resolves when the worker can be found. */
  static async join(redis: Redis, options: WorkerOptions): Promise<Worker> {
    const time = await tellTime(options.listen[0] ?? "").catch((error: unknown) => {
      throw usageError(`--listen: can't listen on ${options.listen[0]} (${codeOf(error)})`);
    });
    const worker = new Worker(redis, options, time);
    try {
      await worker.#join();
      return worker;
    } catch (error) {
      await worker[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(redis: Redis, options: WorkerOptions, time: Server) {
    this.#redis = redis;
    this.#time = time;
    this.#options = options;
    this.#signer = new Signer(options.token);
    this.#verbs = hostVerbsOf(options.environment);
    this.#failed = new Promise((_, reject) => (this.#fail = reject));
    // Whoever doesn't wait for it isn't to be told.
    this.#failed.catch(() => {});
    this.#watch = setInterval(() => {
      // Without Redis, its own lease is lost.
      this.#endOrphans().catch(() => {});
    }, renewMs);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Takes no more trials; resolves when those that it has part in have ended. */
  async leave(): Promise<void> {
    const over = new Promise<void>((resolve) => (this.#isIdle = resolve));
    this.#isLeaving = true;
    this.#lease?.change(JSON.stringify(this.#record()));
    if (this.#processes.size > 0) await over;
  }

  async #join(): Promise<void> {
    const { name, capacity } = this.#options;
    checkTokens(await workersAt(this.#redis), this.#signer);
    const take = (text: string, signature: string): void => this.#take(text, signature);
    this.#requests = await StreamReader.open(this.#redis, keys.requests(name), take);
    const { JobWorker } = await packages();
    this.#jobs = new JobWorker<SignedJob>(queueOf(name), (job) => this.#play(job), {
      connection: this.#redis,
      concurrency: capacity,
      lockDuration: leaseMs,
      // A process that was lost is not started again: its trial is.
      maxStalledCount: 0,
      stalledInterval: leaseMs,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#jobs.on("error", () => {});
    this.#instance = randomUUID();
    this.#isEnding = false;
    this.#lease = await joinAs(this.#redis, name, this.#record(), () => {
      this.#lose().catch((error: unknown) => this.#fail(error));
    });
  }

  #record(): WorkerRecord {
    const { version, capacity, role, listen } = this.#options;
    const instance = this.#instance;
    return {
      version,
      instance,
      proof: this.#signer.sign(instance),
      isLeaving: this.#isLeaving,
      capacity,
      role,
      clock: peerAt(this.#time, listen[0] ?? ""),
      listen: [...listen],
      host: os.hostname(),
      cores: os.availableParallelism(),
    };
  }

  /** Rejects where it can't join anew, such as when another has taken its name meanwhile. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  /** Its lease is over: nobody counts on what it holds any more. */
  async #lose(): Promise<void> {
    const next = this.#isLeaving ? "leaving" : "joining anew";
    this.#options.said(`taken for dead: no sign of life reached Redis in time; ${next}`);
    await this.#endAll();
    if (!this.#isLeaving) await this.#join();
  }

  /** Ends all that it runs, and is there no more. */
  async #endAll(): Promise<void> {
    const jobs = this.#jobs;
    this.#jobs = null;
    this.#isEnding = true;
    const runs = new Set([...this.#processes.values()].map(({ run }) => run));
    await Promise.all([...this.#processes.keys()].map((id) => this.#end(id)));
    // What it has been asked itself isn't answered any more.
    const ended = { ...refused, reason: `worker ${this.name} ${endedAtOnce}` };
    for (const run of runs) this.#tell(run, { process: this.#instance, ended }).catch(() => {});
    await this.#lease?.[Symbol.asyncDispose]();
    this.#requests?.[Symbol.dispose]();
    if (jobs !== null) await whileItMatters(jobs.close(true));
  }

  /** Lasts as long as the process: so does the job's lock. */
  async #play(job: Job<SignedJob>): Promise<void> {
    const { text, signature } = signedJobSchema.parse(job.data);
    const { run, attempt, process, entry, name } = processJobSchema.parse(JSON.parse(text));
    const tell = (ended: Ending): Promise<void> => this.#tell(run, { process, ended });
    const refuse = (why: string): Promise<void> =>
      tell({ ...refused, reason: `${name}: worker ${this.name} ${why}` });
    if (!this.#signer.verifies(text, signature)) return refuse("has another token");
    if ((await this.#redis.get(keys.attempt(attempt))) !== run) {
      this.#early.delete(process);
      return refuse("was asked too late: the attempt of its trial is over");
    }
    const isPart = [...this.#processes.values()].some((held) => held.attempt === attempt);
    if (this.#isLeaving && !isPart) return refuse("is leaving");
    const remote = this.#fork(entry, name);
    if (typeof remote === "string") return refuse(`can't start it: ${remote}`);
    this.#processes.set(process, { run, attempt, remote });
    for (const asking of this.#early.get(process) ?? []) this.#passTo(remote, asking);
    this.#early.delete(process);
    this.#options.said(`${name} of run ${run} has started`);
    const { message: reason, stderr, isExplained } = await remote.ended;
    this.#processes.delete(process);
    this.#options.said(`${name} of run ${run} has ended`);
    if (this.#isEnding) await refuse(endedAtOnce);
    else await tell({ reason, stderr, isExplained, isWorkers: false });
    if (this.#processes.size === 0) this.#isIdle();
  }

  /** A process, or why there is none. */
  #fork(entry: ProcessJob["entry"], name: string): AnyProcess | string {
    const { fork = forkMeasuring } = this.#options;
    try {
      return fork(entry, name);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #take(text: string, signature: string): void {
    if (!this.#signer.verifies(text, signature)) return;
    const asking = askingSchema.parse(JSON.parse(text));
    const { process } = asking;
    if (process === this.#instance)
      return this.#pass(asking, (request) => answer(this.#verbs, request));
    const held = this.#processes.get(process);
    if (held !== undefined) {
      if (held.attempt === asking.attempt) this.#passTo(held.remote, asking);
      return;
    }
    // Its job is on another way, which takes longer.
    const early = this.#early.get(process) ?? [];
    this.#early.set(process, [...early, asking]);
  }

  #passTo(remote: AnyProcess, asking: Asking): void {
    if (asking.verb === null) void this.#end(asking.process);
    else this.#pass(asking, ({ verb, args }) => remote.ask(verb, args));
  }

  #pass(
    { run, process, id, verb, args }: Asking,
    ask: (request: Request) => Promise<Answer>,
  ): void {
    if (verb === null) return;
    ask({ id, verb, args })
      .then((answer) => this.#tell(run, { process, answer: { ...answer, id } }))
      // The end of the process is told by itself; without Redis, nobody is there to be told.
      .catch(() => {});
  }

  async #tell(run: string, told: Told): Promise<void> {
    await addTo(this.#redis, keys.answers(run), JSON.stringify(told));
  }

  async #end(id: string): Promise<void> {
    await this.#processes.get(id)?.remote[Symbol.asyncDispose]();
  }

  /** Ends the processes of attempts that nobody plays any more. */
  async #endOrphans(): Promise<void> {
    const early = [...this.#early.values()].flatMap(([asking]) => asking ?? []);
    const present = [...this.#processes.values(), ...early].flatMap(({ attempt }) => attempt ?? []);
    const attempts = [...new Set(present)];
    if (attempts.length === 0 || this.#redis.status !== "ready") return;
    const leases = await this.#redis.mget(attempts.map(keys.attempt));
    const isOver = ({ attempt }: Pick<Asking, "attempt">): boolean =>
      attempt === null || leases[attempts.indexOf(attempt)] === null;
    for (const [id, held] of this.#processes) if (isOver(held)) await this.#end(id);
    for (const asking of early) if (isOver(asking)) this.#early.delete(asking.process);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    this.#time.close();
    await this.#endAll();
    this.#redis.disconnect();
  }
}
