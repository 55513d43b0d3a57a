import { ReturningSubscriber } from "../measure/returning-subscriber.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { TokenRecorder } from "./token-recorder.ts";

/** A client that prompts, and reads nothing but answers. */
export class TokenSubscriber extends ReturningSubscriber {
  readonly reader: AnswerReader;
  /** Called when its connection has ended that it didn't end itself. */
  lost: (() => void) | null = null;
  /** Called when it has another. */
  back: (() => void) | null = null;
  readonly #recorder: TokenRecorder;
  /** Requests so far, over all phases: no answer is like another. */
  #requests = 0;

  constructor(recorder: TokenRecorder, completes: boolean, end: (why: Error) => void) {
    super(recorder.recorder, 1, end);
    this.#recorder = recorder;
    this.reader = new AnswerReader(recorder, completes);
  }

  /** The number of its next request. */
  takeRequest(): number {
    this.#requests += 1;
    return this.lastRequest;
  }

  get lastRequest(): number {
    return this.#requests - 1;
  }

  override message(payload: Buffer | string, agoNs = 0): void {
    if (this.reader.message(payload, agoNs)) return;
    this.#recorder.wrong += 1;
    this.#recorder.recorder.refuse(this);
  }

  /** See `ClientHandlers`. */
  answered(): void {
    this.reader.completed();
  }

  override closed(reason: string): void {
    const isLoss = this.open && !this.ending;
    super.closed(reason);
    if (isLoss) this.lost?.();
  }
}
