import type { TokenFormat } from "../../scenarios/scenario.ts";
import type { TransportServer } from "../../transports/transport.ts";
import { nowNs } from "../measure/clock.ts";
import type { DurationHistogram } from "../measure/histogram.ts";
import type { BusyWaitAccount } from "../measure/pacer.ts";
import { answerSeed } from "./answer-seed.ts";
import type { Due } from "./due-heap.ts";
import { readPrompt } from "./prompt.ts";
import { SharedPacer } from "./shared-pacer.ts";
import { tokenOffsetsNs } from "./token-schedule.ts";
import { TokenTexts, WordWalk } from "./token-texts.ts";

/** An answer that is under way. */
interface Stream extends Due {
  readonly channel: string;
  readonly walk: WordWalk;
  readonly texts: TokenTexts;
  readonly offsetsNs: Float64Array;
  /** When its first token was due. */
  readonly startNs: number;
  /** The token that is due next. */
  position: number;
}

/** What answers are made with. */
export interface Answering {
  readonly seed: number;
  readonly server: Pick<TransportServer, "publish" | "complete">;
  /** Whether the end of an answer ends its stream. */
  readonly completes: boolean;
  readonly account: BusyWaitAccount;
  /** By how much later than it was due each token was sent. */
  readonly lateness: DurationHistogram;
}

/** Answers prompts at the server: each token when it is due, counted from when the prompt was there. */
export class Answerer {
  readonly #how: Answering;
  readonly #texts: Readonly<Record<TokenFormat, TokenTexts>>;
  /** The present one of each channel. */
  readonly #streams = new Map<string, Stream>();
  readonly #pacer: SharedPacer<Stream>;

  constructor(how: Answering) {
    this.#how = how;
    const ends = !how.completes;
    this.#texts = {
      json: new TokenTexts("json", { ends }),
      text: new TokenTexts("text", { ends }),
    };
    this.#pacer = new SharedPacer(how.account, (stream, now) => this.#speak(stream, now));
  }

  /** What has come up on a channel; what is no prompt is answered by nobody. A new one ends the answer before it. */
  prompted(channel: string, payload: Buffer): void {
    const receivedNs = nowNs();
    const prompt = readPrompt(payload);
    if (prompt === null) return;
    const { answer, client, request } = prompt;
    const seed = answerSeed(this.#how.seed, client, request);
    const offsetsNs = tokenOffsetsNs(answer, seed);
    const startNs = receivedNs + answer.firstTokenMs * 1e6;
    const stream = {
      channel,
      walk: new WordWalk(seed),
      texts: this.#texts[answer.format],
      offsetsNs,
      startNs,
      position: 0,
      dueNs: startNs,
    };
    this.#streams.set(channel, stream);
    this.#pacer.add(stream);
  }

  /** Sends what is due of an answer; returns whether more of it is. */
  #speak(stream: Stream, now: number): boolean {
    const { channel, texts, offsetsNs, position } = stream;
    if (this.#streams.get(channel) !== stream) return false;
    const { server, completes, lateness } = this.#how;
    const word = texts.words[stream.walk.wordAt(position)];
    if (word === undefined) return false;
    lateness.record(now - stream.dueNs);
    server.publish(channel, word.bytes);
    stream.position = position + 1;
    if (stream.position < offsetsNs.length) {
      stream.dueNs = stream.startNs + (offsetsNs[stream.position] ?? 0);
      return true;
    }
    for (const { bytes } of texts.ends) server.publish(channel, bytes);
    if (completes) server.complete?.(channel);
    this.#streams.delete(channel);
    return false;
  }
}
