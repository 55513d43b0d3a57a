import { Calls } from "../processes/calls.ts";
import { answerGraceMs } from "../processes/deadline.ts";
import type { TimedArguments } from "../processes/deadline.ts";
import { ProcessEnded } from "../processes/process-ended.ts";
import type { Verbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { Asking, Ending } from "./messages.ts";
import type { Answer } from "../processes/serve-verbs.ts";

/** How long a process of a worker may take to end when it is told to, in milliseconds. */
const endMs = 6_000;

/** A process that a worker runs. */
export class WorkerProcess<V extends Verbs> implements Remote<V> {
  readonly name: string;
  readonly host: string;
  readonly ended: Promise<ProcessEnded>;
  readonly #calls: Calls<V>;
  readonly #ask: (asking: Omit<Asking, "run" | "attempt" | "process">) => void;
  #end: (ended: ProcessEnded) => void = () => {};

  /** `ask` passes a request on to the process. */
  constructor(
    name: string,
    host: string,
    ask: (asking: Omit<Asking, "run" | "attempt" | "process">) => void,
  ) {
    this.name = name;
    this.host = host;
    this.#ask = ask;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#calls = new Calls<V>({ name, ended: this.ended, send: ask }, answerGraceMs);
  }

  call<Verb extends keyof V & string>(
    verb: Verb,
    args: Parameters<V[Verb]>[0] & TimedArguments,
  ): Promise<Awaited<ReturnType<V[Verb]>>> {
    return this.#calls.call(verb, args);
  }

  /** Asks for something that not all processes can do. */
  async pass(verb: string, args: object): Promise<void> {
    await this.#calls.ask(verb, args, answerGraceMs);
  }

  answered(answer: Answer): void {
    this.#calls.answered(answer);
  }

  hasEnded({ reason, stderr, isExplained, isWorkers }: Ending): void {
    if (isWorkers) this.isGone(reason);
    else this.#end(new ProcessEnded(this.name, reason, stderr, isExplained));
  }

  /** Its machine is, or the way to it. */
  isGone(reason: string): void {
    this.#end(new ProcessEnded(this.name, reason, "", false, "machine"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ask({ id: 0, verb: null, args: null });
    const reason = `the ${this.name} process was told to end, and didn't within ${endMs / 1_000} s`;
    const timer = setTimeout(() => this.isGone(reason), endMs);
    await this.ended;
    clearTimeout(timer);
  }
}
