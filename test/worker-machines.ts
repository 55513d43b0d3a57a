import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileOfProgram } from "../bench/machine/program-file.ts";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { ClockOfItsOwn, JoinedMachines } from "./joined-machines.ts";
import type { Place } from "./joined-machines.ts";

/** A worker to start: what its machine is for, and how far its clock is ahead of this one, in seconds. */
export interface Machine {
  readonly name: string;
  readonly role: "servers" | "clients" | "both";
  readonly aheadS: number;
}

/** Where workers find each other, and where they are. */
interface Site extends AsyncDisposable {
  readonly url: string;
  /** Where runs are played. */
  readonly enter: readonly string[];
  /** Another one. */
  machine(aheadS: number): Promise<Place>;
  killRedis(): Promise<void>;
}

/** Workers with clocks of their own, as on several machines, and the Redis at which runs find them. */
export class WorkerMachines implements AsyncDisposable {
  readonly folder: string;
  /** What all of them share. */
  readonly token = "a token that all of them share";
  readonly #temporary: TemporaryFolder;
  readonly #site: Site;
  readonly #workers = new Map<string, BenchProcess>();

  /** On this machine's loopback interface. */
  static async start(machines: readonly Machine[]): Promise<WorkerMachines> {
    return await WorkerMachines.#startAt(await loopbackSite(), machines);
  }

  /** Each in a network of its own, which a bridge joins. */
  static async startApart(
    joined: JoinedMachines,
    machines: readonly Machine[],
  ): Promise<WorkerMachines> {
    return await WorkerMachines.#startAt(await bridgedSite(joined), machines);
  }

  static async #startAt(site: Site, machines: readonly Machine[]): Promise<WorkerMachines> {
    const all = new WorkerMachines(site);
    for (const machine of machines) await all.join(machine);
    // Each says so when it can be found.
    await Promise.all([...all.#workers.values()].map((worker) => worker.firstLine()));
    return all;
  }

  private constructor(site: Site) {
    this.#site = site;
    this.#temporary = new TemporaryFolder();
    this.folder = this.#temporary.path;
    writeFileSync(join(this.folder, "token"), `${this.token}\n`);
  }

  get url(): string {
    return this.#site.url;
  }

  /** Starts one more worker. */
  async join({ name, role, aheadS }: Machine): Promise<BenchProcess> {
    const { enter, address } = await this.#site.machine(aheadS);
    const args = ["worker", "--redis", this.url, "--token-file", "token", "--name", name];
    const worker = new BenchProcess(
      this.folder,
      [...args, "--role", role, "--listen", address],
      enter,
    );
    this.#workers.set(name, worker);
    return worker;
  }

  worker(name: string): BenchProcess {
    const worker = this.#workers.get(name);
    if (worker === undefined) throw new Error(`no worker ${name}`);
    return worker;
  }

  async killRedis(): Promise<void> {
    await this.#site.killRedis();
  }

  /** Starts a run on them, whose results are in `out`; `wrapper` is a command line that runs it. */
  run(args: string, wrapper: readonly string[] = []): BenchProcess {
    const given = args.split(" ");
    const out = given.includes("--out") ? [] : ["--out", "out"];
    const on = ["--on", this.url, "--token-file", "token", "--no-report", ...out];
    return new BenchProcess(
      this.folder,
      ["run", ...on, ...given],
      [...this.#site.enter, ...wrapper],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers.values()) await worker[Symbol.asyncDispose]();
    await this.#site[Symbol.asyncDispose]();
    this.#temporary[Symbol.dispose]();
  }
}

async function loopbackSite(): Promise<Site> {
  const broker = await RunningProgram.start(programNamed("redis-server"), "broker");
  const clocks: ClockOfItsOwn[] = [];
  return {
    url: `redis://127.0.0.1:${broker.place.port}`,
    enter: [],
    async machine(aheadS) {
      if (aheadS === 0) return { enter: [], address: "127.0.0.1" };
      const clock = await ClockOfItsOwn.make([], aheadS);
      clocks.push(clock);
      return { enter: clock.enter, address: "127.0.0.1" };
    },
    killRedis: () => broker[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      for (const clock of clocks) await clock[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

const password = "of-the-redis-that-they-share";
const knowing = ["env", `TRANSPORT_BENCH_REDIS_PASSWORD=${password}`] as const;

/** Redis is on the first machine, as is whoever plays a run. */
async function bridgedSite(joined: JoinedMachines): Promise<Site> {
  const { enter, address } = joined.first;
  const folder = new TemporaryFolder();
  const program = programNamed("redis-server");
  const place = { host: address, port: 6379, folder: folder.path };
  const settings = await program.argumentsFor(place, {});
  const [command = "", ...args] = [...enter, fileOfProgram(program), ...settings];
  const own = ["--requirepass", password, "--loglevel", "notice"];
  const redis = spawn(command, [...args, ...own], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(redis, "exit");
  for await (const text of redis.stdout.setEncoding("utf8")) {
    if (String(text).includes("Ready to accept connections")) break;
  }
  const kill = async (): Promise<void> => {
    redis.kill("SIGKILL");
    await ended;
  };
  return {
    url: `redis://${address}:6379`,
    enter: [...knowing, ...enter],
    async machine(aheadS) {
      const machine = await joined.add(aheadS);
      return { ...machine, enter: [...knowing, ...machine.enter] };
    },
    killRedis: kill,
    async [Symbol.asyncDispose]() {
      await kill();
      folder[Symbol.dispose]();
    },
  };
}
