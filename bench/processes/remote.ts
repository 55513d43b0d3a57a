import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { usageError } from "../errors/errors.ts";
import { MemoryKills } from "../machine/memory-kills.ts";
import { packageModule } from "../files/package-files.ts";
import { exhaustedResource, processNeeds, resourceShortage } from "../machine/resource-limits.ts";
import { Calls } from "./calls.ts";
import { answerGraceMs } from "./deadline.ts";
import type { TimedArguments } from "./deadline.ts";
import { ProcessEnded } from "./process-ended.ts";
import type { Verbs } from "./protocol.ts";
import type { Answer, Farewell, Request } from "./serve-verbs.ts";

/** A process that measures, wherever it runs. */
export interface Remote<V extends Verbs> extends AsyncDisposable {
  /** `server`, `load 1`, … for messages. */
  readonly name: string;
  /** The name of its host; left out where there is one machine. */
  readonly host?: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<ProcessEnded>;
  /**
   * Rejects with `ProcessEnded` when the process ends first, with `NoAnswer` when it takes far longer than it
   * was asked to, and with the verb's own error. One that doesn't answer is ended by disposing of it.
   */
  call<Verb extends keyof V & string>(
    verb: Verb,
    args: Parameters<V[Verb]>[0] & TimedArguments,
  ): Promise<Awaited<ReturnType<V[Verb]>>>;
}

/** A process of this machine, where its id means something. */
export interface LocalRemote<V extends Verbs> extends Remote<V> {
  readonly pid: number;
  /** Passes on a request of somebody else, who decides how long it may take. */
  ask(verb: string, args: unknown): Promise<Answer>;
}

/** How much of a process's standard error is kept. */
const tailBytes = 4_096;

/** How long a process that is asked to end may take before it is killed. */
const graceMs = 500;

/** The same for a process that has to end others first. */
const longGraceMs = 5_000;

interface Forking {
  /** A command line that runs what is appended to it somewhere, such as in a namespace. */
  readonly enter?: readonly string[];
  /** Whether it ends other processes when it ends: it isn't killed before it has had time for that. */
  readonly endsOthers?: boolean;
  /** How long its verbs may take beyond `askedMs`, in milliseconds. */
  readonly answerMs?: number;
  /** The folder of another build of this project that the process is started from. */
  readonly build?: string | undefined;
}

/** Starts a module, such as `bench/processes/server`, as a process of this machine. */
export function forkProcess<V extends Verbs>(
  module: string,
  name: string,
  { enter = [], endsOthers = false, answerMs = answerGraceMs, build }: Forking = {},
): LocalRemote<V> {
  // Without enough threads a process of Node may also hang.
  const lacking = resourceShortage(processNeeds);
  if (lacking !== null) throw usageError(`${name}: ${lacking}`);
  const file = build === undefined ? packageModule(module) : join(build, "dist", `${module}.js`);
  const [execPath = "", ...execArgv] = [...enter, process.execPath, ...process.execArgv];
  return new ForkedProcess<V>(
    name,
    fork(file, [], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execPath,
      // Older builds don't get at their garbage collector by themselves.
      execArgv: build === undefined ? execArgv : [...execArgv, "--expose-gc"],
    }),
    endsOthers,
    answerMs,
  );
}

/** Processes that are killed when this one ends, unless it is killed itself. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

class ForkedProcess<V extends Verbs> implements LocalRemote<V> {
  readonly name: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  readonly #calls: Calls<V>;
  readonly ended: Promise<ProcessEnded>;
  readonly #kills = new MemoryKills();
  #stderr = "";
  #farewell: string | null = null;

  constructor(name: string, child: ChildProcess, endsOthers: boolean, answerMs: number) {
    this.name = name;
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.#graceMs = endsOthers ? longGraceMs : graceMs;
    // Others end by themselves as soon as the channel is closed, which this process's end does.
    if (!endsOthers) running.add(child);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-tailBytes);
    });
    child.on("message", (answer: Answer | Farewell) => {
      if ("farewell" in answer) {
        this.#farewell = answer.farewell;
        return;
      }
      this.#calls.answered(answer);
    });
    // Not the child's `close` event: it doesn't come when this side has closed the channel.
    const lastWordsRead = new Promise((resolve) => child.stderr?.once("close", resolve));
    this.ended = new Promise((resolve) => {
      child.once("error", (error) =>
        resolve(
          new ProcessEnded(name, `${name}: ${exhaustedResource(error) ?? error.message}`, ""),
        ),
      );
      child.once("exit", (code, signal) => {
        running.delete(child);
        const how = signal === null ? `exit code ${code}` : signal;
        const reason = `the ${name} process ended with ${how}${this.#kills.why(how)}`;
        void lastWordsRead.then(() => resolve(this.#endedWith(reason)));
      });
    });
    // A send that fails has no answer; the process's end tells why.
    const send = (request: Request): void => void child.send(request, () => {});
    this.#calls = new Calls<V>({ name, send, ended: this.ended }, answerMs);
  }

  call<Verb extends keyof V & string>(
    verb: Verb,
    args: Parameters<V[Verb]>[0] & TimedArguments,
  ): Promise<Awaited<ReturnType<V[Verb]>>> {
    return this.#calls.call(verb, args);
  }

  ask(verb: string, args: unknown): Promise<Answer> {
    return this.#calls.ask(verb, args, Number.POSITIVE_INFINITY);
  }

  /** The process's own farewell takes precedence over how it was seen to end. */
  #endedWith(reason: string): ProcessEnded {
    const farewell = this.#farewell;
    return new ProcessEnded(this.name, farewell ?? reason, this.#stderr, farewell !== null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), this.#graceMs);
    await this.ended;
    clearTimeout(timer);
  }
}
