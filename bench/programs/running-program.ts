import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { asError } from "../../transports/protocol-error.ts";
import { withoutRepository } from "../files/git.ts";
import { ProcessTree } from "../measure/process-tree.ts";
import type { Resources } from "../results/schema.ts";
import { freePort } from "./free-port.ts";
import { fileOfProgram } from "../machine/program-file.ts";
import { lastWordsIn } from "./last-words.ts";
import type { Program, ProgramOptions, ProgramPlace, Reload } from "./program.ts";
import { StartedCommand } from "./started-command.ts";
import { addedUse } from "./added-use.ts";
import { writeFiles, writeIdentity } from "./written-files.ts";
import type { WrittenFile } from "./written-files.ts";

const execute = promisify(execFile);

/** How long a program may take until it serves, where it doesn't say. */
const usualStartMs = 10_000;

/** How long it may take to read its files again. */
const reloadMs = 10_000;

const lookAgainMs = 10;

/** Another may take a port that was free just now. */
const otherPorts = 3;

/** A program that was started for a trial: it is ended, with all that it starts, and its files are removed. */
export class RunningProgram implements AsyncDisposable {
  readonly place: ProgramPlace;
  /** Resolves with how it ended, when it does so by itself. */
  readonly ended: Promise<ProgramEnd>;
  version = "";
  /** What it reads, as it was written. */
  files: readonly WrittenFile[] = [];
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
    for (let left = otherPorts; ; left -= 1) {
      const port = await freePort(host);
      const folder = mkdtempSync(join(tmpdir(), `transport-bench-${program.name}-`));
      const running = new RunningProgram(program, as, options, { host, port, folder });
      try {
        await running.#start();
        return running;
      } catch (error) {
        await running[Symbol.asyncDispose]();
        const isTaken = error instanceof NotStarted && /address already in use/i.test(error.output);
        if (!isTaken || left === 0) throw error;
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
    process.once("exit", this.#removeFolder);
  }

  async #start(): Promise<void> {
    const { folder } = this.place;
    const { identity } = this.#options.fronting ?? {};
    if (identity !== undefined) await writeIdentity(folder, identity);
    this.files = await writeFiles(folder, this.#program.filesFor?.(this.place, this.#options));
    const command = new StartedCommand(
      {
        command: fileOfProgram(this.#program),
        args: await this.#program.argumentsFor(this.place, this.#options),
        folder,
        temporary: this.#temporary(),
        environment: this.#environment(),
        startTimeoutMs: this.#startTimeoutMs,
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
    let why = "";
    for (;;) {
      const version = this.#program.versionAt(this.place).catch((error: unknown) => {
        why = asError(error).message;
        return null;
      });
      const served = await Promise.race([ended, version]);
      if (served !== null) return served;
      if (command.sinceStartMs > this.#startTimeoutMs) {
        const within = `it doesn't serve within ${this.#startTimeoutMs / 1_000} s: ${why}`;
        throw new NotStarted(this.#named(`${within}${command.lastWords}`), command.output);
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
    await this.#program.administered?.drain(this.place, this.#options, servers, this.#signal);
  }

  /** See `Administered`. */
  async forget(): Promise<void> {
    await this.#program.administered?.forget(this.place, this.#options, this.#signal);
  }

  readonly #signal = (name: NodeJS.Signals): void => {
    this.#command?.signalFirst(name);
  };

  /** Has it read its files again, as its administrator does; resolves when it was told so. */
  async reload(): Promise<void> {
    const reload = this.#program.reloadFor?.(this.place, this.#options);
    if (reload === undefined) throw new Error(this.#named("it can't read its files again"));
    if ("signal" in reload) this.#command?.signalFirst(reload.signal);
    else await this.#told(reload);
  }

  async #told({ file, arguments: words }: Extract<Reload, { file: string }>): Promise<void> {
    const env = { ...withoutRepository(process.env), ...this.#environment() };
    const options = { cwd: this.place.folder, env, timeout: reloadMs };
    try {
      await execute(file, words, options);
    } catch (error) {
      const { message } = asError(error);
      // Its first line is the command.
      const words = lastWordsIn(message.slice(message.indexOf("\n") + 1));
      const why = this.#named(`it doesn't read its files again; it was said: ${words}`);
      throw new Error(why, { cause: error });
    }
  }

  get #startTimeoutMs(): number {
    return this.#program.startTimeoutMs ?? usualStartMs;
  }

  #environment(): Readonly<Record<string, string>> {
    return this.#program.environmentFor?.(this.place, this.#options) ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(() => {});
    const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
    await Promise.all(this.#temporary().map(remove));
    process.off("exit", this.#removeFolder);
  }

  /** This process may end before there is a program with whose end the folder would go. */
  readonly #removeFolder = (): void => rmSync(this.place.folder, { recursive: true, force: true });

  /** All that it may leave on disk. */
  #temporary(): readonly string[] {
    return [this.place.folder, ...(this.#program.leavesAt?.(this.place, this.#options) ?? [])];
  }

  async #end(how: (command: StartedCommand) => void): Promise<void> {
    const command = this.#command;
    this.#command = null;
    this.#tree = null;
    if (command === null) return;
    how(command);
    await command.stop(this.#program.endSignal);
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
