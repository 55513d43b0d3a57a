import { digits } from "../../transports/polling.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { AnsweredPoll } from "../../transports/passing.ts";
import { perPart } from "../../transports/wire-parts.ts";
import type { ExtraPart, WirePart } from "../../transports/wire-parts.ts";

/** Bytes in both directions; `down` is server to client. */
export interface Bytes {
  down: number;
  up: number;
}

/** Answers to polls that held equally many messages, and whose numbers have equally many digits. */
export interface AnswersAlike {
  readonly answers: number;
  /** In each of them. */
  readonly messages: number;
  /** The number of the last message in one of them. */
  readonly newest: number;
}

/** What has crossed the wire so far. All bytes of the TCP connections' payload, and what they were for. */
export interface WireTotals {
  readonly total: Bytes;
  readonly parts: Readonly<Record<WirePart, Bytes>>;
  /** How often each part was named. */
  readonly named: Readonly<Record<WirePart, number>>;
  readonly requests: number;
  readonly answers: ReadonlyMap<number, AnswersAlike>;
  /** Of all answers; see `AnsweredPoll`. */
  readonly bodyBytes: number;
  readonly digitBytes: number;
  readonly connections: number;
}

/** What crossed it between two readings. */
export interface WireDelta {
  readonly total: Bytes;
  /** Sums up to `total`; what no part was named for is under way. */
  readonly parts: WireTotals["parts"];
  /** Where messages are fetched, those that were answered. */
  readonly requests: number;
  /** Polls that messages were the answer to, by what their bytes depend on; none where messages are pushed. */
  readonly answers: readonly AnswersAlike[];
  /** Of them all; see `AnsweredPoll`. */
  readonly bodyBytes: number;
  readonly digitBytes: number;
  /** Messages whose bytes were named as `upstream`. */
  readonly sentUp: number;
  readonly connections: number;
}

/**
 * Who was there, what was asked, and what bytes were for. A request, its answer and the messages in it are
 * booked together, when the answer is complete: so a reading never has one without the others.
 */
export class WireBooks {
  requests = 0;
  connections = 0;
  #bodyBytes = 0;
  #digitBytes = 0;
  readonly #parts: WireTotals["parts"] = perPart(() => ({ down: 0, up: 0 }));
  readonly #named: Record<WirePart, number> = perPart(() => 0);
  readonly #answers = new Map<
    number,
    { -readonly [Key in keyof AnswersAlike]: AnswersAlike[Key] }
  >();

  /** Names bytes that were spent on something else than deliveries. */
  spent(part: ExtraPart, down: number, up: number): void {
    this.more(part, down, up);
    this.#named[part] += 1;
  }

  /** Names bytes of a stream. */
  more(part: WirePart, down: number, up: number): void {
    const bytes = this.#parts[part];
    bytes.down += down;
    bytes.up += up;
  }

  /** Names the bytes of a poll and of its answer, which holds messages. */
  answered(
    { messages, newest, bodyBytes, digitBytes }: AnsweredPoll,
    down: number,
    up: number,
  ): void {
    this.more("deliveries", down, up);
    this.#bodyBytes += bodyBytes;
    this.#digitBytes += digitBytes;
    const key = (messages * 32 + digits(newest)) * 32 + digits(newest - messages);
    const alike = this.#answers.get(key);
    if (alike === undefined) this.#answers.set(key, { answers: 1, messages, newest });
    else alike.answers += 1;
  }

  totals(total: Bytes): WireTotals {
    return {
      total,
      parts: structuredClone(this.#parts),
      named: { ...this.#named },
      requests: this.requests,
      answers: structuredClone(this.#answers),
      bodyBytes: this.#bodyBytes,
      digitBytes: this.#digitBytes,
      connections: this.connections,
    };
  }
}

/** What crossed the wire between two readings; `rest` is what bytes were for that nobody named. */
export function between(
  from: WireTotals,
  to: WireTotals,
  delivery: BoundTransport["delivery"],
  rest: "deliveries" | "underWay",
): WireDelta {
  const parts = perPart((part) => less(to.parts[part], from.parts[part]));
  const total = less(to.total, from.total);
  const unnamed = Object.values(parts).reduce(less, total);
  parts[rest] = plus(parts[rest], unnamed);
  return {
    total,
    parts,
    requests: delivery === "pull" ? exchanges(to) - exchanges(from) : to.requests - from.requests,
    answers: moreAnswers(from, to),
    bodyBytes: to.bodyBytes - from.bodyBytes,
    digitBytes: to.digitBytes - from.digitBytes,
    sentUp: to.named.upstream - from.named.upstream,
    connections: to.connections - from.connections,
  };
}

function moreAnswers(from: WireTotals, to: WireTotals): AnswersAlike[] {
  return [...to.answers].flatMap(([key, alike]) => {
    const answers = alike.answers - (from.answers.get(key)?.answers ?? 0);
    return answers === 0 ? [] : [{ ...alike, answers }];
  });
}

/** Of a pull transport: requests that were answered. */
function exchanges({ named, answers }: WireTotals): number {
  return named.setUp + named.emptyPolls + named.upstream + answersIn([...answers.values()]);
}

export function answersIn(alike: readonly AnswersAlike[]): number {
  return alike.reduce((sum, { answers }) => sum + answers, 0);
}

export function messagesIn(alike: readonly AnswersAlike[]): number {
  return alike.reduce((sum, { answers, messages }) => sum + answers * messages, 0);
}

function less(a: Bytes, b: Bytes): Bytes {
  return { down: a.down - b.down, up: a.up - b.up };
}

export function plus(a: Bytes, b: Bytes): Bytes {
  return { down: a.down + b.down, up: a.up + b.up };
}
