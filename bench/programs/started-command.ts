import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { withoutRepository } from "../files/git.ts";
import { MemoryKills } from "../machine/memory-kills.ts";
import { isRunning, signalGroup } from "../machine/process-group.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import type { ServerTarget, StartedProcess } from "../settings/target.ts";
import { lastWordsIn } from "./last-words.ts";
import { carriersOf, describeProcess, markVariable } from "./marked-processes.ts";
import { OrphanReaper } from "./orphan-reaper.ts";

/** How much of its output is kept. */
const tailCharacters = 4_096;

/** How long it may take to end in order, and then to be gone. */
const graceMs = 2_000;
const goneMs = 1_000;

const lastWordsMs = 100;

const lookAgainMs = 10;

/** What is started: a line for a shell, or a program with its arguments. */
type Starting = Omit<StartedProcess, "kind"> & {
  readonly args?: readonly string[];
  /** Folders and files that go with it where this process can't remove them any more. */
  readonly temporary?: readonly string[];
};

/** A command, with all that it starts: a process group of its own. */
export class StartedCommand {
  /** The id of the process group and of its first process; 0 when it couldn't be started. */
  readonly group: number;
  /** How it ended, in a few words; resolves whenever its first process ends. */
  readonly ended: Promise<string>;
  /** How long it may take until it serves. */
  readonly startTimeoutMs: number;
  readonly #startMs = performance.now();
  readonly #kills = new MemoryKills();
  readonly #mark = randomUUID();
  readonly #reaper: OrphanReaper;
  #output = "";

  /** Tells the command where to listen by `HOST` and `PORT`. */
  constructor(
    { command, args, folder, temporary, environment, startTimeoutMs }: Starting,
    { host, port }: Pick<ServerTarget, "host" | "port">,
  ) {
    this.startTimeoutMs = startTimeoutMs;
    this.#reaper = new OrphanReaper(this.#mark, temporary);
    const child = spawn(command, args ?? [], {
      shell: args === undefined,
      detached: true,
      cwd: folder,
      env: {
        ...withoutRepository(process.env),
        HOST: host,
        PORT: String(port),
        ...environment,
        [markVariable]: this.#mark,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.group = child.pid ?? 0;
    this.#reaper.watch(this.group);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-tailCharacters);
      });
    }
    this.ended = endOf(child).then((how) =>
      withoutSecrets(
        `it ended with ${how}${this.#kills.why(how)}${this.#leftBehind()}${this.lastWords}`,
        command,
      ),
    );
  }

  /** Tells which processes it consists of by now. */
  consistsOf(pids: readonly number[]): void {
    this.#kills.follow(pids);
  }

  /** The last of what it has said. */
  get output(): string {
    return this.#output;
  }

  /** What of that tells why it ended, or doesn't serve, to be put after that. */
  get lastWords(): string {
    const words = lastWordsIn(this.#output);
    return words === null ? "" : `; it said: ${words}`;
  }

  get sinceStartMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Ends all that it has started, wherever that is: politely, and after a while by force. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#signal(signal);
    if (!(await this.#isGone(graceMs))) {
      this.#signal("SIGKILL");
      await this.#isGone(goneMs);
    }
    this.#reaper[Symbol.dispose]();
  }

  /** Signals the process that was started, and none that it has started itself. */
  signalFirst(name: NodeJS.Signals): void {
    if (this.group !== 0) signalProcess(this.group, name);
  }

  /** Kills the group at once, without waiting. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(name: NodeJS.Signals): void {
    signalGroup(this.group, name);
    for (const pid of carriersOf(this.#mark)) signalProcess(pid, name);
  }

  async #isGone(withinMs: number): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < withinMs; waitedMs += lookAgainMs) {
      if (!isRunning(this.group) && carriersOf(this.#mark).length === 0) return true;
      await setTimeout(lookAgainMs);
    }
    return false;
  }

  /** Names a process of the command that still runs when the first has ended. */
  #leftBehind(): string {
    const [pid] = carriersOf(this.#mark);
    return pid === undefined
      ? ""
      : ` and left ${describeProcess(pid)} behind; run it in the foreground`;
  }
}

/** Kills a group at once, if there still is one. */
export function killGroup(group: number): void {
  signalGroup(group, "SIGKILL");
}

async function endOf(child: ChildProcess): Promise<string> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  const how = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  // What it has said is still to be read; others that it has started may go on holding its output.
  await Promise.race([closed, setTimeout(lastWordsMs)]);
  return how;
}

function signalProcess(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
