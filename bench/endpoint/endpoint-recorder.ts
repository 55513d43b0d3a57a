import { DurationHistogram } from "../measure/histogram.ts";
import type { RecordedEndpoint, RecordedGroup } from "../results/recorded-endpoint.ts";
import { asProse } from "../results/texts.ts";
import { visible } from "../text/visible.ts";
import type { Watched } from "./answer-watch.ts";

/** A gap that a reader takes for a stall. */
const stallNs = 250e6;

/** As many groups are kept in detail. */
const maxGroups = 1_000;

/** Answers are kept in detail up to the end of this one, or with the last group that there is room for. */
const maxAnswers = 20;

const maxSaidCharacters = 300;

/** By which what stands in front of a server can be known. */
const telling = ["server", "via", "x-accel-buffering", "x-cache", "cf-ray", "content-encoding"];

/** Counts what becomes of a phase's requests. */
export class EndpointRecorder implements Disposable {
  readonly #hide: (text: string) => string;
  readonly #hasDueTimes: boolean;
  readonly #wait = new DurationHistogram(true);
  readonly #firstByte = new DurationHistogram(true);
  readonly #firstToken = new DurationHistogram(true);
  readonly #firstTokenDue = new DurationHistogram(true);
  readonly #answer = new DurationHistogram(true);
  readonly #gaps = new DurationHistogram(true);
  readonly #pace = new DurationHistogram(true);
  readonly #failed: Record<string, number> = {};
  readonly #said: Record<string, string> = {};
  readonly #asides: Record<string, number> = {};
  readonly #groups: RecordedGroup[] = [];
  readonly #bytes = { down: 0, up: 0 };
  #fields: Record<string, string> | null = null;
  #stalls = 0;
  #tokens = 0;
  #reads = 0;
  #mostInRead = 0;
  whole = 0;
  requests = 0;
  unsent = 0;
  connections = 0;

  /** `hide` takes what is secret out of what a server says. */
  constructor(hide: (text: string) => string, hasDueTimes: boolean) {
    this.#hide = hide;
    this.#hasDueTimes = hasDueTimes;
  }

  /** Takes an answer, or what came of it. */
  take(watched: Watched): void {
    const { dueNs, sentNs, failure, header } = watched;
    this.requests += 1;
    if (dueNs !== null) this.#wait.record(Math.max(0, sentNs - dueNs));
    if (watched.firstByteNs !== null) this.#fields ??= this.#fieldsIn(header);
    if (failure === null) this.#takeWhole(watched);
    else {
      this.#failed[failure.kind] = (this.#failed[failure.kind] ?? 0) + 1;
      this.#said[failure.kind] ??= this.#shown(failure.detail);
    }
  }

  #takeWhole(watched: Watched): void {
    const { dueNs, sentNs, firstByteNs, tokensNs, reads, groups, asides } = watched;
    const [first = sentNs] = tokensNs;
    const last = tokensNs.at(-1) ?? first;
    this.#keepGroups(groups);
    this.whole += 1;
    this.#tokens += tokensNs.length;
    this.#firstByte.record((firstByteNs ?? first) - sentNs);
    this.#firstToken.record(first - sentNs);
    if (dueNs !== null) this.#firstTokenDue.record(first - dueNs);
    this.#answer.record(last - sentNs);
    for (const [index, tokenNs] of tokensNs.entries()) {
      if (index === 0) continue;
      const gapNs = tokenNs - (tokensNs[index - 1] ?? tokenNs);
      this.#gaps.record(gapNs);
      if (gapNs > stallNs) this.#stalls += 1;
    }
    if (tokensNs.length > 1) this.#pace.record((last - first) / (tokensNs.length - 1));
    for (const kind of asides) this.#asides[kind] = (this.#asides[kind] ?? 0) + 1;
    this.#reads += reads.length;
    for (const tokens of reads) this.#mostInRead = Math.max(this.#mostInRead, tokens);
    this.#bytes.down += watched.bytesDown;
    this.#bytes.up += watched.bytesUp;
  }

  #keepGroups(groups: Watched["groups"]): void {
    if (this.whole >= maxAnswers) return;
    const room = maxGroups - this.#groups.length;
    if (groups.length > room) return;
    for (const group of groups) this.#groups.push({ answer: this.whole, ...group });
  }

  #fieldsIn(header: Watched["header"]): Record<string, string> {
    const there = telling.flatMap((name): [string, string][] => {
      const value = header(name);
      return value === undefined ? [] : [[name, this.#shown(value)]];
    });
    return Object.fromEntries(there);
  }

  #shown(text: string): string {
    return visible(asProse(this.#hide(text))).slice(0, maxSaidCharacters);
  }

  recorded(): RecordedEndpoint {
    return {
      requests: this.requests,
      unsent: this.unsent,
      whole: this.whole,
      failed: this.#failed,
      said: this.#said,
      tokens: this.#tokens,
      asides: this.#asides,
      bytes: this.#bytes,
      connections: this.connections,
      ...(this.#hasDueTimes && {
        wait: this.#wait.encode(),
        firstTokenDue: this.#firstTokenDue.encode(),
      }),
      firstByte: this.#firstByte.encode(),
      firstToken: this.#firstToken.encode(),
      answer: this.#answer.encode(),
      gaps: this.#gaps.encode(),
      stalls: this.#stalls,
      pace: this.#pace.encode(),
      reads: this.#reads,
      mostInRead: this.#mostInRead,
      groups: this.#groups,
      fields: this.#fields ?? {},
    };
  }

  [Symbol.dispose](): void {
    const all = [this.#wait, this.#firstByte, this.#firstToken, this.#firstTokenDue];
    for (const one of [...all, this.#answer, this.#gaps, this.#pace]) one[Symbol.dispose]();
  }
}
