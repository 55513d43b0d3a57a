import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";

/** A worker to start: what its machine is for, and how far its clock is ahead of this one, in seconds. */
export interface Machine {
  readonly name: string;
  readonly role: "servers" | "clients" | "both";
  readonly aheadS: number;
}

/** Workers with clocks of their own, as on several machines, and the Redis at which runs find them. */
export class WorkerMachines implements AsyncDisposable {
  readonly folder: string;
  readonly #temporary: TemporaryFolder;
  readonly #broker: RunningProgram;
  readonly #workers = new Map<string, BenchProcess>();

  static async start(machines: readonly Machine[]): Promise<WorkerMachines> {
    const broker = await RunningProgram.start(programNamed("redis-server"), "broker");
    const all = new WorkerMachines(broker);
    for (const machine of machines) all.#start(machine);
    // Each says so when it can be found.
    await Promise.all([...all.#workers.values()].map((worker) => worker.firstLine()));
    return all;
  }

  private constructor(broker: RunningProgram) {
    this.#broker = broker;
    this.#temporary = new TemporaryFolder();
    this.folder = this.#temporary.path;
    writeFileSync(join(this.folder, "token"), "a token that all of them share\n");
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#broker.place.port}`;
  }

  #start({ name, role, aheadS }: Machine): void {
    const args = ["worker", "--redis", this.url, "--token-file", "token", "--name", name];
    const ahead = ["unshare", "--time", "--monotonic", `${aheadS}`, "--fork", "--kill-child"];
    const worker = new BenchProcess(
      this.folder,
      [...args, "--role", role],
      aheadS === 0 ? [] : ahead,
    );
    this.#workers.set(name, worker);
  }

  worker(name: string): BenchProcess {
    const worker = this.#workers.get(name);
    if (worker === undefined) throw new Error(`no worker ${name}`);
    return worker;
  }

  async killRedis(): Promise<void> {
    await this.#broker[Symbol.asyncDispose]();
  }

  /** Starts a run on them, whose results are in `out`. */
  run(...args: readonly string[]): BenchProcess {
    const out = args.includes("--out") ? [] : ["--out", "out"];
    const on = ["--on", this.url, "--token-file", "token", "--no-report", ...out];
    return new BenchProcess(this.folder, ["run", ...on, ...args]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers.values()) await worker[Symbol.asyncDispose]();
    await this.#broker[Symbol.asyncDispose]();
    this.#temporary[Symbol.dispose]();
  }
}
