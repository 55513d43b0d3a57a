import type { AtCut, Prompting } from "../../scenarios/scenario.ts";
import { nowNs } from "../measure/clock.ts";
import type { DurationHistogram } from "../measure/histogram.ts";
import type { BusyWaitAccount } from "../measure/pacer.ts";
import { answerSeed } from "./answer-seed.ts";
import type { Due } from "./due-heap.ts";
import { promptOf } from "./prompt.ts";
import { cycleMs, promptingMs, requestsOf, spreadMs } from "./prompting-time.ts";
import { SharedPacer } from "./shared-pacer.ts";
import type { TokenRecorder } from "./token-recorder.ts";
import { tokenOffsetsNs } from "./token-schedule.ts";
import type { TokenSubscriber } from "./token-subscriber.ts";
import type { TokenTexts } from "./token-texts.ts";

/** A client that is to ask. */
export interface Asking {
  readonly number: number;
  readonly subscriber: TokenSubscriber;
  /** Whether it comes back when it loses its connection. */
  readonly comesBack: boolean;
  send(payload: Buffer): void;
}

export interface AskingHow {
  readonly prompting: Prompting;
  readonly seed: number;
  readonly texts: TokenTexts;
  readonly recorder: TokenRecorder;
  readonly account: BusyWaitAccount;
  /** Whether an answer has a stream of its own, which ends with it. */
  readonly completes: boolean;
  /** By how much later each prompt was sent than its client could. */
  readonly lateness: DurationHistogram;
}

/** What was asked for. */
export interface AskedFor {
  /** Requests that were due, and the tokens of their answers. */
  readonly requests: number;
  readonly tokens: number;
  readonly brokenOff: boolean;
}

/** A client that asks, and when its next request is due. */
interface Asker extends Due {
  readonly asking: Asking;
  readonly requests: number;
  /** Those that it has asked. */
  asked: number;
  /** When it was free to ask. */
  freeNs: number;
  /** Whether a request is due that can't be asked yet. */
  isWaiting: boolean;
  isOver: boolean;
}

/** Multiples of the golden section fill an interval evenly, however many there will be. */
const goldenSection = 0.618_033_988_749_895;

/** How often it is looked at whether all is over. */
const lookMs = 20;

/** Where nothing more is due, answers are waited for so long after the last token. */
const patienceMs = 3_000;

/** Where an answer was cut at its very beginning, it isn't known whether the server was asked: nothing comes by then. */
const unaskedMs = 1_000;

/** Has clients ask when they are due to, whether or not what comes is late. */
export class Askers {
  readonly #how: AskingHow;
  readonly #askers: Asker[];
  readonly #pacer: SharedPacer<Asker>;
  readonly #startNs: number;
  readonly #cycleNs: number;
  readonly #atCut: AtCut;
  #over = 0;
  #asked = 0;

  constructor(clients: readonly Asking[], how: AskingHow) {
    const { prompting } = how;
    this.#how = how;
    this.#startNs = nowNs();
    this.#cycleNs = cycleMs(prompting) * 1e6;
    this.#atCut = prompting.atCut ?? "lose";
    this.#pacer = new SharedPacer(how.account, (asker, now) => this.#serve(asker, now));
    this.#askers = clients.map((asking) => {
      const firstMs = spreadMs(prompting) * ((asking.number * goldenSection) % 1);
      const dueNs = this.#startNs + firstMs * 1e6;
      const requests = requestsOf(prompting, firstMs);
      const place = { asked: 0, freeNs: 0, isWaiting: false, isOver: false };
      return { asking, dueNs, requests, ...place };
    });
  }

  /** Resolves when all answers are there, or nothing more comes. */
  async run(): Promise<AskedFor> {
    for (const asker of this.#askers) {
      const { subscriber, comesBack } = asker.asking;
      subscriber.lost = () => this.#lost(asker, comesBack);
      subscriber.back = () => this.#back(asker);
      this.#pacer.add(asker);
    }
    const brokenOff = await this.#ended();
    this.#pacer.clear();
    for (const { asking } of this.#askers) {
      asking.subscriber.lost = null;
      asking.subscriber.back = null;
    }
    const { prompting } = this.#how;
    // Those that a client never came to ask were due all the same.
    const due = this.#askers.reduce((all, { requests }) => all + requests, 0);
    const requests = brokenOff ? this.#asked : due;
    return { requests, tokens: requests * prompting.answer.tokens, brokenOff };
  }

  /** Whether it was broken off. */
  #ended(): Promise<boolean> {
    const { prompting, recorder } = this.#how;
    const latestNs = (prompting.latestMs ?? Number.POSITIVE_INFINITY) * 1e6;
    const untilNs = this.#startNs + promptingMs(prompting) * 1e6;
    let arrived = recorder.recorder.arrived;
    let lastNs = nowNs();
    return new Promise((resolve) => {
      const look = (): void => {
        const now = nowNs();
        if (recorder.recorder.arrived !== arrived) lastNs = now;
        arrived = recorder.recorder.arrived;
        const isQuiet = now - Math.max(lastNs, untilNs) > patienceMs * 1e6;
        const isBroken = recorder.latestNs > latestNs;
        if (!isBroken && !isQuiet && this.#over < this.#askers.length) return;
        clearInterval(timer);
        resolve(isBroken);
      };
      const timer = setInterval(look, lookMs);
    });
  }

  /** A request is due; returns whether the next one will be. */
  #serve(asker: Asker, now: number): boolean {
    if (!asker.asking.subscriber.reader.isIdle || !asker.asking.subscriber.open) {
      asker.isWaiting = true;
      return false;
    }
    return this.#ask(asker, now);
  }

  #ask(asker: Asker, now: number): boolean {
    const { prompting, seed, texts, lateness } = this.#how;
    const { answer } = prompting;
    const { asking, asked } = asker;
    const { number, subscriber } = asking;
    const isChained = prompting.chained === true;
    const dueNs = isChained ? now : asker.dueNs;
    lateness.record(now - Math.max(dueNs, asker.freeNs));
    const request = subscriber.takeRequest();
    const answerIs = answerSeed(seed, number, request);
    const awaited = {
      client: number,
      request,
      seed: answerIs,
      texts,
      offsetsNs: tokenOffsetsNs(answer, answerIs),
      requestNs: dueNs,
      firstNs: dueNs + answer.firstTokenMs * 1e6,
    };
    subscriber.reader.begin(awaited, (atNs) => this.#answered(asker, atNs));
    this.#send(asker, request);
    asker.asked = asked + 1;
    asker.isWaiting = false;
    asker.dueNs += this.#cycleNs;
    this.#asked += 1;
    return !isChained && asker.asked < asker.requests;
  }

  /** Sends a prompt that is the `asked`-th of its client in this phase; returns its bytes. */
  #send({ asking, asked }: Asker, request: number): number {
    const { answer, promptBytes } = this.#how.prompting;
    const bytes = typeof promptBytes === "number" ? promptBytes : (promptBytes[asked] ?? 0);
    asking.send(promptOf({ client: asking.number, request, answer }, bytes));
    return bytes;
  }

  #answered(asker: Asker, atNs: number): void {
    asker.freeNs = atNs;
    // When the handler has returned that has told of it.
    queueMicrotask(() => this.#goOn(asker));
  }

  /** Its client has no answer under way: it asks if it is late, or is done. */
  #goOn(asker: Asker): void {
    if (asker.asked === asker.requests) return this.#finish(asker);
    const isDue = asker.isWaiting || this.#how.prompting.chained === true;
    if (!isDue || asker.isOver || !asker.asking.subscriber.open) return;
    if (this.#ask(asker, nowNs())) this.#pacer.add(asker);
  }

  #finish(asker: Asker): void {
    if (asker.isOver) return;
    asker.isOver = true;
    this.#over += 1;
  }

  #lost(asker: Asker, comesBack: boolean): void {
    const { reader } = asker.asking.subscriber;
    const wasIdle = reader.isIdle;
    reader.cut();
    if (comesBack && this.#atCut !== "lose") return;
    reader.giveUp();
    asker.freeNs = nowNs();
    if (!comesBack || (!wasIdle && asker.asked === asker.requests)) this.#finish(asker);
  }

  #back(asker: Asker): void {
    const { subscriber } = asker.asking;
    const { reader } = subscriber;
    asker.freeNs = nowNs();
    if (reader.isIdle) return this.#goOn(asker);
    if (this.#atCut === "again") return this.#askAgain(asker);
    // What comes after the last token that it has, the transport has asked for.
    if (reader.known > 0) return;
    const isUnheard = (): boolean => !reader.isIdle && reader.known === 0 && subscriber.open;
    setTimeout(() => {
      if (isUnheard() && !asker.isOver) this.#askAgain(asker);
    }, this.#how.prompting.answer.firstTokenMs + unaskedMs);
  }

  #askAgain(asker: Asker): void {
    const { subscriber } = asker.asking;
    const { cuts } = this.#how.recorder;
    subscriber.reader.restart();
    cuts.prompts += 1;
    // It is still the request that was asked last.
    const last = { ...asker, asked: asker.asked - 1 };
    cuts.promptBytes += this.#send(last, subscriber.lastRequest);
  }
}
