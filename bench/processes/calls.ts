import { NoAnswer, askedMs, ranFor } from "./deadline.ts";
import type { TimedArguments } from "./deadline.ts";
import type { ProcessEnded } from "./process-ended.ts";
import type { Verbs } from "./protocol.ts";
import type { Answer, Request } from "./serve-verbs.ts";

/** A process that can be asked, wherever it runs. */
interface Asked {
  readonly name: string;
  readonly ended: Promise<ProcessEnded>;
  send(request: Request): void;
}

/** The requests to one process, and their answers. */
export class Calls<V extends Verbs> {
  readonly #asked: Asked;
  readonly #answerMs: number;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #requests = 0;

  /** `answerMs` is how long verbs may take beyond what `askedMs` allows. */
  constructor(asked: Asked, answerMs: number) {
    this.#asked = asked;
    this.#answerMs = answerMs;
  }

  /** An answer has come; one that nobody waits for any more is dropped. */
  answered(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  /** See `Remote.call`. */
  async call<Verb extends keyof V & string>(
    verb: Verb,
    args: Parameters<V[Verb]>[0] & TimedArguments,
  ): Promise<Awaited<ReturnType<V[Verb]>>> {
    const answer = await this.ask(verb, args, askedMs(args) + this.#answerMs);
    if (!answer.ok) throw new Error(`${this.#asked.name}: ${answer.reason}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are of one build
    return answer.value as Awaited<ReturnType<V[Verb]>>;
  }

  /** Passes a request on, whatever it is; rejects as `Remote.call` does, but not for an answer that is an error. */
  async ask(verb: string, args: unknown, limitMs: number): Promise<Answer> {
    this.#requests += 1;
    const request: Request = { id: this.#requests, verb, args };
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(request.id, resolve));
    this.#asked.send(request);
    const answer = await this.#within(verb, limitMs, answered);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** The answer, unless the process ends first or takes longer than `limitMs`. */
  async #within(
    verb: string,
    limitMs: number,
    answered: Promise<Answer>,
  ): Promise<Answer | ProcessEnded | NoAnswer> {
    const over = new AbortController();
    const { name, ended } = this.#asked;
    const late = ranFor(limitMs, over.signal).then(() => new NoAnswer(name, verb, limitMs));
    try {
      return await Promise.race([answered, ended, late]);
    } finally {
      over.abort();
    }
  }
}
