import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ProcessTree } from "../measure/process-tree.ts";
import type { Resources } from "../results/schema.ts";
import { freePort } from "./free-port.ts";
import { fileOfProgram } from "./index.ts";
import type { Program, ProgramOptions, ProgramPlace } from "./program.ts";
import { StartedCommand } from "./started-command.ts";
import { addedUse } from "./added-use.ts";

/** How long a program may take until it serves. */
const startTimeoutMs = 10_000;

const lookAgainMs = 10;

/** Another may take a port that was free just now. */
const otherPorts = 3;

/** A program that was started for a trial: it is ended, with all that it starts, and its files are removed. */
export class RunningProgram implements AsyncDisposable {
  readonly place: ProgramPlace;
  /** Resolves with how it ended, when it does so by itself. */
  readonly ended: Promise<ProgramEnd>;
  version = "";
  readonly #program: Program;
  readonly #options: ProgramOptions;
  readonly #as: Resources["process"];
  #hasEnded: (how: ProgramEnd) => void = () => {};
  /** Null while it is meant to be dead. */
  #command: StartedCommand | null = null;
  #tree: ProcessTree | null = null;
  /** What those used that were ended in the present window. */
  #before: Resources | null = null;

  /** Resolves when it serves. `as` is what its resources are told under. */
  static async start(
    program: Program,
    as: Resources["process"],
    options: ProgramOptions = {},
  ): Promise<RunningProgram> {
    const { host = "127.0.0.1" } = options;
    const folder = await mkdtemp(join(tmpdir(), `transport-bench-${program.name}-`));
    for (let left = otherPorts; ; left -= 1) {
      const place = { host, port: await freePort(host), folder };
      const running = new RunningProgram(program, as, options, place);
      try {
        await running.#start();
        return running;
      } catch (error) {
        const isTaken = error instanceof NotStarted && /address already in use/i.test(error.output);
        if (isTaken && left > 0) continue;
        await running[Symbol.asyncDispose]();
        throw error;
      }
    }
  }

  private constructor(
    program: Program,
    as: Resources["process"],
    options: ProgramOptions,
    place: ProgramPlace,
  ) {
    this.#program = program;
    this.#as = as;
    this.#options = options;
    this.place = place;
    this.ended = new Promise((resolve) => (this.#hasEnded = resolve));
  }

  async #start(): Promise<void> {
    const { folder } = this.place;
    const command = new StartedCommand(
      {
        command: fileOfProgram(this.#program),
        args: await this.#program.argumentsFor(this.place, this.#options),
        folder,
        temporary: folder,
        startTimeoutMs,
      },
      this.place,
    );
    this.#command = command;
    this.version = await this.#served(command);
    this.#tree = ProcessTree.of(command.group, this.#as);
    command.consistsOf(this.#tree?.pids() ?? []);
    void this.#watch(command);
  }

  async #watch(command: StartedCommand): Promise<void> {
    const how = await command.ended;
    if (this.#command !== command) return;
    this.#hasEnded({ reason: this.#named(how), output: command.output });
  }

  async #served(command: StartedCommand): Promise<string> {
    const ended = command.ended.then((how) => {
      throw new NotStarted(this.#named(how), command.output);
    });
    // Who is late with its end is no longer waited for.
    ended.catch(() => {});
    for (;;) {
      const version = this.#program.versionAt(this.place).catch(() => null);
      const served = await Promise.race([ended, version]);
      if (served !== null) return served;
      if (command.sinceStartMs > startTimeoutMs) {
        const within = `it doesn't serve within ${startTimeoutMs / 1_000} s`;
        throw new NotStarted(this.#named(within), command.output);
      }
      await Promise.race([ended, setTimeout(lookAgainMs)]);
    }
  }

  /** Opens the window in which resources are counted. */
  begin(): void {
    this.#before = null;
    this.#tree?.begin();
  }

  /** Closes it; null where nothing can be observed. */
  end(): Resources | null {
    return addedUse(this.#before, this.#tree?.end() ?? null);
  }

  /** Kills it, and has it serve again at the same place after so long; resolves then. */
  async fail(forMs: number): Promise<void> {
    this.#before = this.end();
    await this.#end((command) => command.kill());
    await setTimeout(forMs);
    await this.#start();
    this.#tree?.begin();
  }

  /** See `Administered`. */
  async drain(servers: readonly number[]): Promise<void> {
    await this.#program.administered?.drain(this.place, this.#options, servers, this.#pid);
  }

  /** See `Administered`. */
  async forget(): Promise<void> {
    await this.#program.administered?.forget(this.place, this.#options, this.#pid);
  }

  get #pid(): number {
    if (this.#command === null) throw new Error(this.#named("it doesn't run"));
    return this.#command.group;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(() => {});
    await rm(this.place.folder, { recursive: true, force: true });
  }

  async #end(how: (command: StartedCommand) => void): Promise<void> {
    const command = this.#command;
    this.#command = null;
    this.#tree = null;
    if (command === null) return;
    how(command);
    await command.stop();
  }

  #named(how: string): string {
    return `${this.#program.name}: ${how}`;
  }
}

/** How a program ended by itself, and the last that it said. */
export interface ProgramEnd {
  readonly reason: string;
  readonly output: string;
}

class NotStarted extends Error {
  readonly output: string;

  constructor(reason: string, output: string) {
    super(reason);
    this.output = output;
  }
}
