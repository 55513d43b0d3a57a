import { connectedEvent } from "../../transports/connected-event.ts";
import { setTimeout } from "node:timers/promises";
import type { EndpointAsking } from "../../scenarios/scenario.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Connection, ReadChunk } from "../../transports/transport.ts";
import { nowNs } from "../measure/clock.ts";
import type { Dialler } from "../measure/dialler.ts";
import { pace, steady } from "../measure/pacer.ts";
import type { BusyWaitAccount } from "../measure/pacer.ts";
import { AnswerWatch } from "./answer-watch.ts";
import type { Watched } from "./answer-watch.ts";
import { EndpointRecorder } from "./endpoint-recorder.ts";

/** The endpoint, as it is asked. */
export interface AskedEndpoint {
  readonly bound: BoundTransport;
  /** With its path and query. */
  readonly url: URL;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly dialler: () => Dialler;
  /** Takes what is secret out of what it says. */
  readonly hide: (text: string) => string;
}

/** A client whose request has failed asks again after this: what refuses at once isn't to be flooded. */
const pauseMs = 250;

/** Where none of so many first answers comes whole, no more are asked for. */
const firstAnswers = 5;

/** How long requests that are due and wait for a client may go on being sent, in lengths of the time in which they are due. */
const maxWaits = 1;

/** One client: it asks for one answer at a time. */
class Asker {
  readonly #asked: AskedEndpoint;
  readonly #recorder: EndpointRecorder;
  readonly #dialler: Dialler;
  readonly #watch: AnswerWatch;
  #connection: Connection | null = null;
  #ended: (watched: Watched) => void = () => {};

  constructor(asked: AskedEndpoint, recorder: EndpointRecorder) {
    this.#asked = asked;
    this.#recorder = recorder;
    this.#dialler = asked.dialler();
    this.#watch = new AnswerWatch(this.#dialler, (watched) => this.#ended(watched));
  }

  /** Resolves with whether the answer came whole. */
  async ask(dueNs: number | null): Promise<boolean> {
    const connection = (this.#connection ??= await this.#connect());
    const watched = await new Promise<Watched>((resolve) => {
      this.#ended = resolve;
      this.#watch.begin(dueNs);
      connection.send(this.#asked.body);
    });
    this.#recorder.take(watched);
    return watched.failure === null;
  }

  async #connect(): Promise<Connection> {
    const { bound, url, fields } = this.#asked;
    const dial = (read?: ReadChunk): ReturnType<Dialler["dial"]> => {
      this.#recorder.connections += 1;
      const stream = this.#dialler.dial(read);
      stream.once(connectedEvent(stream), () => this.#watch.connected());
      return stream;
    };
    const target = { url, fields, channel: "", asks: true, phase: 0, dial };
    return await bound.connect(target, this.#watch);
  }

  async leave(): Promise<void> {
    await this.#dialler.reset();
    await this.#connection?.[Symbol.asyncDispose]();
  }
}

/** Asks as a script wants it; resolves with what came when all that were sent have an end. */
export async function askEndpoint(
  asked: AskedEndpoint,
  how: EndpointAsking,
  meter: BusyWaitAccount,
): Promise<ReturnType<EndpointRecorder["recorded"]>> {
  using recorder = new EndpointRecorder(asked.hide, how.ratePerSecond !== undefined);
  const askers = Array.from({ length: how.clients }, () => new Asker(asked, recorder));
  try {
    if (how.ratePerSecond === undefined) await inTurns(askers, how.forMs, recorder);
    else await onArrival(askers, how.ratePerSecond, how.forMs, recorder, meter);
  } finally {
    await Promise.all(askers.map((asker) => asker.leave()));
  }
  return recorder.recorded();
}

/** Each client asks again when it has its answer. */
async function inTurns(
  askers: readonly Asker[],
  forMs: number,
  recorder: EndpointRecorder,
): Promise<void> {
  const untilNs = nowNs() + forMs * 1e6;
  const isHopeless = (): boolean =>
    recorder.whole === 0 && recorder.requests >= Math.max(firstAnswers, askers.length);
  const askOn = async (asker: Asker): Promise<void> => {
    while (nowNs() < untilNs && !isHopeless()) {
      const isWhole = await asker.ask(null);
      if (!isWhole) await setTimeout(pauseMs);
    }
  };
  await Promise.all(askers.map(askOn));
}

/** Requests are due evenly; the one that has waited longest goes to the client that is free first. */
async function onArrival(
  askers: readonly Asker[],
  ratePerSecond: number,
  forMs: number,
  recorder: EndpointRecorder,
  meter: BusyWaitAccount,
): Promise<void> {
  const startNs = nowNs();
  const untilNs = startNs + (1 + maxWaits) * forMs * 1e6;
  const free = [...askers];
  const waiting: number[] = [];
  const underWay = new Set<Promise<void>>();
  /** Sends one after another by this client, as long as some wait. */
  const sendOn = async (asker: Asker, dueNs: number): Promise<void> => {
    let next: number | undefined = dueNs;
    while (next !== undefined) {
      await asker.ask(next);
      next = nowNs() < untilNs ? waiting.shift() : undefined;
    }
    free.push(asker);
  };
  const send = (asker: Asker, dueNs: number): void => {
    const sending = sendOn(asker, dueNs).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  await pace(steady(ratePerSecond, forMs), startNs, meter, (_index, dueNs) => {
    const asker = free.shift();
    if (asker === undefined) waiting.push(dueNs);
    else send(asker, dueNs);
  });
  while (underWay.size > 0) await Promise.all(underWay);
  recorder.unsent = waiting.length;
}
