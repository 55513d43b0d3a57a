import { digits } from "../../transports/polling-format.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { AnsweredPoll } from "../../transports/classify.ts";
import { perPart } from "../../transports/wire-parts.ts";
import type { ExtraPart, WirePart } from "../../transports/wire-parts.ts";
import { addBytes, noBytes, subtractBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { sum } from "../statistics/basics.ts";

/** Bytes that are still being added up. */
export type Bytes = { -readonly [Direction in keyof WireBytes]: WireBytes[Direction] };

/** Answers to polls that cost the same: as many messages in each, and numbers with as many digits. */
export interface AnswerGroup {
  readonly answers: number;
  /** Messages in each answer. */
  readonly messages: number;
  /** The number of the last message in one of the answers. */
  readonly newest: number;
}

/** The bytes that have crossed the wire so far, all payload of the TCP connections, by what they were for. */
export interface WireTotals {
  readonly total: Bytes;
  readonly parts: Readonly<Record<WirePart, Bytes>>;
  /** How much of the total TLS has added, but for its handshakes: the heads and tags of its records. */
  readonly allRecords: WireBytes;
  /** How much of each part. */
  readonly records: Readonly<Record<WirePart, Bytes>>;
  /** How often bytes were attributed to each part. */
  readonly attributions: Readonly<Record<WirePart, number>>;
  readonly requests: number;
  readonly answers: ReadonlyMap<number, AnswerGroup>;
  /** Sums over all answers; see `AnsweredPoll`. */
  readonly bodyBytes: number;
  readonly digitBytes: number;
  readonly connections: number;
}

/** What crossed the wire between two readings. */
export interface WireDelta {
  readonly total: Bytes;
  /** They add up to `total`; bytes that were attributed to no other part are `underWay`. */
  readonly parts: WireTotals["parts"];
  /** What TLS has added to each part. */
  readonly records: WireTotals["records"];
  /** All requests; where clients poll, only those that were answered. */
  readonly requests: number;
  /**
   * Polls that were answered by messages, grouped by what their bytes depend on; none where messages are pushed.
   */
  readonly answers: readonly AnswerGroup[];
  /** Sums over these answers; see `AnsweredPoll`. */
  readonly bodyBytes: number;
  readonly digitBytes: number;
  /** Messages whose bytes were attributed to `upstream`. */
  readonly sentUp: number;
  readonly connections: number;
}

/**
 * Counts connections, requests, and bytes by what they were for. A request, its answer and the messages in it are
 * entered together when the answer is complete, so a reading never has one without the others.
 */
export class WireLedger {
  requests = 0;
  connections = 0;
  #bodyBytes = 0;
  #digitBytes = 0;
  readonly #parts: WireTotals["parts"] = perPart(() => ({ down: 0, up: 0 }));
  readonly #records: WireTotals["records"] = perPart(() => ({ down: 0, up: 0 }));
  readonly #attributions: Record<WirePart, number> = perPart(() => 0);
  readonly #answers = new Map<number, { -readonly [Key in keyof AnswerGroup]: AnswerGroup[Key] }>();

  /** Attributes bytes to a part other than deliveries, and counts how often that part was attributed. */
  attribute(part: ExtraPart, down: number, up: number): void {
    this.add(part, down, up);
    this.#attributions[part] += 1;
  }

  /** Attributes bytes of a stream to a part. */
  add(part: WirePart, down: number, up: number): void {
    const bytes = this.#parts[part];
    bytes.down += down;
    bytes.up += up;
  }

  /** Says how many bytes of a part TLS has added. */
  addRecords(part: WirePart, { down, up }: WireBytes): void {
    const records = this.#records[part];
    records.down += down;
    records.up += up;
  }

  /** Attributes the bytes of a poll and of its answer, which holds messages, to deliveries. */
  attributePoll(
    { messages, newest, bodyBytes, digitBytes }: AnsweredPoll,
    down: number,
    up: number,
  ): void {
    this.add("deliveries", down, up);
    this.#bodyBytes += bodyBytes;
    this.#digitBytes += digitBytes;
    const key = (messages * 32 + digits(newest)) * 32 + digits(newest - messages);
    const group = this.#answers.get(key);
    if (group === undefined) this.#answers.set(key, { answers: 1, messages, newest });
    else group.answers += 1;
  }

  /** `records` is how much of all that has crossed TLS has added. */
  totals(total: Bytes, records: WireBytes = noBytes): WireTotals {
    return {
      total,
      parts: structuredClone(this.#parts),
      allRecords: records,
      records: structuredClone(this.#records),
      attributions: { ...this.#attributions },
      requests: this.requests,
      answers: structuredClone(this.#answers),
      bodyBytes: this.#bodyBytes,
      digitBytes: this.#digitBytes,
      connections: this.connections,
    };
  }
}

/** What crossed the wire between two readings. Bytes that nobody has attributed count as `rest`. */
export function diffTotals(
  from: WireTotals,
  to: WireTotals,
  delivery: BoundTransport["delivery"],
  rest: "deliveries" | "underWay",
): WireDelta {
  const total = subtractBytes(to.total, from.total);
  const parts = divided(total, from.parts, to.parts, rest);
  const records = divided(
    subtractBytes(to.allRecords, from.allRecords),
    from.records,
    to.records,
    rest,
  );
  return {
    total,
    parts,
    records,
    requests: delivery === "pull" ? exchanges(to) - exchanges(from) : to.requests - from.requests,
    answers: moreAnswers(from, to),
    bodyBytes: to.bodyBytes - from.bodyBytes,
    digitBytes: to.digitBytes - from.digitBytes,
    sentUp: to.attributions.upstream - from.attributions.upstream,
    connections: to.connections - from.connections,
  };
}

/** How a total divides among parts; what isn't attributed is `rest`. */
function divided(
  total: WireBytes,
  from: WireTotals["parts"],
  to: WireTotals["parts"],
  rest: WirePart,
): Record<WirePart, Bytes> {
  const parts = perPart((part) => subtractBytes(to[part], from[part]));
  parts[rest] = addBytes(parts[rest], Object.values(parts).reduce(subtractBytes, total));
  return parts;
}

function moreAnswers(from: WireTotals, to: WireTotals): AnswerGroup[] {
  return [...to.answers].flatMap(([key, group]) => {
    const answers = group.answers - (from.answers.get(key)?.answers ?? 0);
    return answers === 0 ? [] : [{ ...group, answers }];
  });
}

/** The requests of a pull transport that were answered. */
function exchanges({ attributions, answers }: WireTotals): number {
  const { setUp, emptyPolls, heartbeats, upstream } = attributions;
  return setUp + emptyPolls + heartbeats + upstream + answersIn([...answers.values()]);
}

export function answersIn(group: readonly AnswerGroup[]): number {
  return sum(group.map(({ answers }) => answers));
}

export function messagesIn(group: readonly AnswerGroup[]): number {
  return sum(group.map(({ answers, messages }) => answers * messages));
}
