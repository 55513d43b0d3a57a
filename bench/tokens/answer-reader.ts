import { nowNs } from "../measure/clock.ts";
import { apartNs, togetherNs } from "./token-recorder.ts";
import type { KeptCourse, TokenRecorder } from "./token-recorder.ts";
import { WordWalk } from "./token-texts.ts";
import type { TokenText, TokenTexts } from "./token-texts.ts";

/** An answer that a client waits for. */
export interface AwaitedAnswer {
  readonly client: number;
  readonly request: number;
  readonly seed: number;
  readonly texts: TokenTexts;
  /** When each token is due after the first. */
  readonly offsetsNs: Float64Array;
  /** When the request was due, and the first token of its answer is. */
  readonly requestNs: number;
  readonly firstNs: number;
}

/**
 * Reads the answers of one client: which token must come next is known beforehand. What is recorded is of the present
 * phase. Nothing is allocated for a token that comes in its turn.
 */
export class AnswerReader {
  readonly #recorder: TokenRecorder;
  /** Whether the end of an answer is told by `completed`, and not by a last message. */
  readonly #completes: boolean;
  #awaited: AwaitedAnswer | null = null;
  #walk = new WordWalk(0);
  #phase = 0;
  #isIdle = true;
  /** Whether something of an answer may still come that isn't awaited any more: until the next one begins. */
  #isStale = false;
  #ended: (atNs: number) => void = () => {};
  #position = 0;
  /** Tokens before this one have been received, or are missed. */
  #known = 0;
  #missed: Set<number> | null = null;
  #course: KeptCourse | null = null;
  #cutNs: number | null = null;
  #lastNs = 0;
  #lastDueNs = 0;
  /** Tokens that came together so far: how many, their bytes, and when the first was due. */
  #grouped = 0;
  #groupBytes = 0;
  #groupDueNs = 0;

  constructor(recorder: TokenRecorder, completes: boolean) {
    this.#recorder = recorder;
    this.#completes = completes;
  }

  /** Whether no answer is under way. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** How many tokens of the present answer it has, or won't get any more. */
  get known(): number {
    return this.#known;
  }

  /** Waits for an answer; `ended` is called when it is there, whole or not. */
  begin(awaited: AwaitedAnswer, ended: (atNs: number) => void): void {
    const recorder = this.#recorder;
    const { client, request, seed, offsetsNs, firstNs, requestNs } = awaited;
    if (!this.#isIdle) this.#isStale = true;
    this.#awaited = awaited;
    this.#walk = new WordWalk(seed);
    this.#phase = recorder.phase;
    this.#isIdle = false;
    this.#ended = ended;
    this.#position = 0;
    this.#known = 0;
    this.#missed = null;
    this.#cutNs = null;
    this.#grouped = 0;
    this.#course = recorder.courseOf(client, request, offsetsNs, firstNs - requestNs);
  }

  /** Takes what has come; returns whether it may have come from a server that answers prompts. */
  message(payload: Buffer | string, agoNs: number): boolean {
    const atNs = nowNs() - agoNs;
    const awaited = this.#awaited;
    if (awaited === null || this.#phase !== this.#recorder.phase) return this.#isStale;
    const word = awaited.texts.words[this.#walk.wordAt(this.#position)];
    const isNext =
      word !== undefined && this.#position < awaited.offsetsNs.length && isSame(word, payload);
    if (!isNext) return this.#outOfTurn(awaited, payload, atNs);
    this.#next(awaited, atNs, word.bytes.length);
    return true;
  }

  /** The answer has ended as its transport ends one. */
  completed(): void {
    if (this.#completes && this.#awaited !== null) this.#end(this.#awaited, nowNs());
  }

  /** The answer was cut. */
  cut(): void {
    if (this.#isIdle) return;
    this.#cutNs = nowNs();
    this.#recorder.cuts.answers += 1;
  }

  /** The answer is asked for once more, and comes from its first token. */
  restart(): void {
    this.#position = 0;
    this.#isStale = true;
  }

  /** It isn't waited for any more. */
  giveUp(): void {
    if (this.#isIdle) return;
    this.#isIdle = true;
    this.#isStale = true;
    this.#awaited = null;
    if (this.#cutNs !== null) this.#recorder.cuts.lost += 1;
  }

  #next(awaited: AwaitedAnswer, atNs: number, bytes: number): void {
    const recorder = this.#recorder;
    const position = this.#position;
    this.#isStale = false;
    this.#position = position + 1;
    const dueNs = awaited.firstNs + (awaited.offsetsNs[position] ?? 0);
    if (position < this.#known) {
      // It may not have come the first time.
      if (this.#missed?.delete(position) !== true) return this.#again(bytes);
      return this.#record(awaited, position, dueNs, atNs);
    }
    this.#known = position + 1;
    this.#record(awaited, position, dueNs, atNs);
    if (this.#cutNs !== null) {
      recorder.untilGoesOn.record(atNs - this.#cutNs);
      this.#cutNs = null;
    }
    if (position === 0) recorder.firstToken.record(atNs - awaited.requestNs);
    else this.#compare(dueNs, atNs);
    if (this.#grouped === 0) this.#groupDueNs = dueNs;
    this.#grouped += 1;
    this.#groupBytes = this.#grouped === 1 ? bytes : this.#groupBytes + bytes;
    this.#lastNs = atNs;
    this.#lastDueNs = dueNs;
  }

  #record({ requestNs }: AwaitedAnswer, position: number, dueNs: number, atNs: number): void {
    const recorder = this.#recorder;
    const lateNs = atNs - dueNs;
    recorder.recorder.recordToken(dueNs, lateNs);
    if (lateNs > recorder.latestNs) recorder.latestNs = lateNs;
    if (this.#course !== null) this.#course.arrivedNs[position] = atNs - requestNs;
  }

  /** Compares a token with the one before. */
  #compare(dueNs: number, atNs: number): void {
    const recorder = this.#recorder;
    const gapNs = atNs - this.#lastNs;
    const dueGapNs = dueNs - this.#lastDueNs;
    const stallNs = gapNs - dueGapNs;
    if (recorder.longestStallNs === null || stallNs > recorder.longestStallNs) {
      recorder.longestStallNs = stallNs;
    }
    const isTogether = gapNs < togetherNs;
    if (dueGapNs > apartNs) {
      recorder.apart += 1;
      if (isTogether) recorder.together += 1;
    }
    if (!isTogether) this.#closeGroup();
  }

  #closeGroup(): void {
    const heldNs = this.#lastDueNs - this.#groupDueNs;
    if (this.#grouped > 1 && heldNs > apartNs) {
      this.#recorder.grouped(this.#grouped, heldNs, this.#groupBytes);
    }
    this.#grouped = 0;
  }

  #again(bytes: number): void {
    const { recorder, cuts } = this.#recorder;
    recorder.arrived += 1;
    this.#recorder.again += 1;
    cuts.again += 1;
    cuts.againBytes += bytes;
  }

  /** Takes what wasn't expected next. */
  #outOfTurn(awaited: AwaitedAnswer, payload: Buffer | string, atNs: number): boolean {
    const { texts, offsetsNs } = awaited;
    const text = typeof payload === "string" ? payload : payload.toString();
    const end = texts.endOf(text);
    if (end !== -1) {
      const isLast = end === texts.ends.length - 1;
      if (isLast && !this.#completes && !this.#isStale) this.#end(awaited, atNs);
      return true;
    }
    const place = texts.placeOf(text);
    if (place === undefined || this.#isStale) return place !== undefined;
    const position = this.#positionOf(place, offsetsNs.length);
    if (position === null) return false;
    if (position > this.#position) {
      this.#miss(position);
      this.#next(awaited, atNs, text.length);
    } else if (this.#missed?.delete(position) === true) {
      this.#record(awaited, position, awaited.firstNs + (offsetsNs[position] ?? 0), atNs);
    } else {
      this.#recorder.again += 1;
      this.#recorder.recorder.recordTokenAgain();
    }
    return true;
  }

  /** Where a word stands in the answer, ahead first; null where it doesn't. */
  #positionOf(place: number, tokens: number): number | null {
    for (let position = this.#position; position < tokens; position += 1) {
      if (this.#walk.wordAt(position) === place) return position;
    }
    for (let position = this.#position - 1; position >= 0; position -= 1) {
      if (this.#walk.wordAt(position) === place) return position;
    }
    return null;
  }

  /** Tokens before this one haven't come. */
  #miss(position: number): void {
    this.#missed ??= new Set();
    for (let missing = Math.max(this.#position, this.#known); missing < position; missing += 1) {
      this.#missed.add(missing);
    }
    this.#position = position;
  }

  #end({ offsetsNs, requestNs }: AwaitedAnswer, atNs: number): void {
    if (this.#isIdle) return;
    this.#closeGroup();
    this.#isIdle = true;
    const isWhole = this.#known === offsetsNs.length && (this.#missed?.size ?? 0) === 0;
    if (isWhole && this.#phase === this.#recorder.phase) {
      this.#recorder.answers += 1;
      this.#recorder.answer.record(atNs - requestNs);
    }
    this.#ended(atNs);
  }
}

function isSame({ text, bytes }: TokenText, payload: Buffer | string): boolean {
  return typeof payload === "string" ? payload === text : bytes.equals(payload);
}
