import * as z from "zod";
import { answerReader } from "./answer-reader.ts";
import type { AnswerReader } from "./answer-reader.ts";
import { failureOf } from "./answer-failure.ts";
import type { AnswerFailure } from "./answer-failure.ts";
import type { EventMeaning } from "./answer-events.ts";
import { acceptHeader, codingOf, decompressorOf } from "./content-coding.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import { HttpClient, keptFor, loadHttpClient, unbounded } from "./http-client.ts";
import type { Layers } from "./layers.ts";
import { duration } from "./option-values.ts";
import { brokenCoding, endedByServer } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/*
 * A server of somebody else's that answers each POST with a stream of tokens, as those of language models do: SSE or
 * lines of JSON, by the Content-Type of the answer. What is a token, `answer-events.ts` says.
 *
 *   POST /v1/chat/completions?…            the path of the user's URL
 *   content-type, authorization, …         the user's fields
 *   {"model":"…","stream":true,…}          the user's body, as it is
 *
 *   200, text/event-stream                 data: {"choices":[{"delta":{"content":"Hello"}}]}  …  data: [DONE]
 *   200, application/x-ndjson              {"message":{"content":"Hello"}}  …  {"done":true}
 */

/** As undici keeps one, where the server says nothing. */
const keepAliveMs = 4_000;

/** Of an answer that is none, as much is read for its message. */
const maxSaidBytes = 4_096;

interface Options {
  /** Silence after which an answer is given up. */
  readonly timeoutMs: number;
}

/** Asks one request after another. */
class AskingClient implements Connection {
  readonly cursor = 0;
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  readonly #timeoutMs: number;
  readonly #accept: Readonly<Record<string, string>>;
  readonly #http: HttpClient;
  #answer: Answer | null = null;

  constructor(target: Target, handlers: ClientHandlers, options: Options, layers: Layers) {
    this.#target = target;
    this.#handlers = handlers;
    this.#timeoutMs = options.timeoutMs;
    this.#accept = acceptHeader(codingOf(layers)) ?? {};
    const kept = { keepAliveMs: keptFor(keepAliveMs, layers) };
    const origin = { ...target, url: new URL(target.url.origin) };
    this.#http = new HttpClient(origin, kept, unbounded, handlers);
  }

  send(body: Buffer): void {
    const { url, fields } = this.#target;
    const answer = new Answer(this.#handlers, this.#timeoutMs);
    this.#answer = answer;
    const headers = { ...this.#accept, ...fields };
    this.#http.requests.dispatch(
      { method: "POST", path: url.pathname + url.search, headers, body },
      {
        onConnect: (abort) => answer.begins(abort),
        onHeaders(status, fields, resume) {
          answer.head(status, headerIn(fields), resume);
          return true;
        },
        onData: (piece) => answer.piece(piece),
        onComplete: () => answer.complete(),
        onError: (error) => answer.broken(error),
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#answer?.leave();
    await this.#http.close();
  }
}

/** One answer as it comes; whatever becomes of it is told once. */
class Answer {
  readonly #handlers: ClientHandlers;
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  #abort = (): void => {};
  #reader: AnswerReader | null = null;
  #decompressor: ReturnType<typeof decompressorOf> | null = null;
  /** The failure that its head tells, whose detail follows. */
  #refusal: AnswerFailure | null = null;
  #said = Buffer.alloc(0);
  #hasHead = false;
  /** Whether only the end of the connection ends it. */
  #isUnframed = false;
  #hasEnded = false;
  #tokens = 0;
  #isOver = false;

  constructor(handlers: ClientHandlers, timeoutMs: number) {
    this.#handlers = handlers;
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#late(), timeoutMs);
  }

  begins(abort: () => void): void {
    this.#abort = abort;
    if (this.#isOver) abort();
  }

  head(status: number, header: Header, resume: () => void): void {
    this.#timer.refresh();
    if (this.#isOver) return;
    this.#handlers.headed?.(status, header);
    if (status < 200) return;
    this.#hasHead = true;
    this.#isUnframed =
      header("content-length") === undefined && header("transfer-encoding") === undefined;
    const type = header("content-type") ?? "";
    if (status !== 200) {
      const told = ["location", "retry-after"].flatMap((name) => {
        const value = header(name);
        return value === undefined ? [] : [`${name} ${value}`];
      });
      this.#refusal = { kind: `status ${status}`, detail: told.join(", ") };
    } else {
      this.#reader = answerReader(type, {
        event: (meaning) => this.#take(meaning),
        ping: () => this.#handlers.aside?.("ping"),
      });
      if (this.#reader === null) {
        this.#refusal = { kind: "no stream", detail: type === "" ? "no Content-Type" : type };
      }
    }
    this.#decompress(header("content-encoding")?.toLowerCase() ?? "", resume);
  }

  #decompress(coding: string, resume: () => void): void {
    if (coding !== "gzip" && coding !== "br") return;
    const decompressor = decompressorOf(coding);
    this.#decompressor = decompressor;
    decompressor
      .on("data", (piece: Buffer) => this.#plain(piece))
      .on("drain", resume)
      .once("end", () => this.#ended())
      .once("error", (error) => this.#fail({ kind: "cut", detail: brokenCoding(error).message }));
  }

  piece(piece: Buffer): boolean {
    this.#timer.refresh();
    if (this.#decompressor !== null) return this.#decompressor.write(piece);
    this.#plain(piece);
    return true;
  }

  #plain(piece: Buffer): void {
    if (this.#isOver) return;
    if (this.#reader === null) {
      this.#said = Buffer.concat([this.#said, piece]).subarray(0, maxSaidBytes);
      if (this.#said.length >= maxSaidBytes) this.#refuse();
      return;
    }
    const isShort = this.#reader.feed(piece);
    this.#handlers.read?.(piece.length, this.#reader.isWhole);
    if (!isShort) this.#fail({ kind: "cut", detail: "an event without an end" });
  }

  #take({ text, aside, ends, error }: EventMeaning): void {
    if (this.#isOver) return;
    if (error !== null) return this.#fail({ kind: "error event", detail: error });
    this.#hasEnded ||= ends;
    if (text === "") return this.#handlers.aside?.(aside);
    this.#tokens += 1;
    this.#handlers.message(text);
  }

  /** The body has come in full, as HTTP tells. */
  complete(): void {
    if (this.#decompressor === null) this.#ended();
    else this.#decompressor.end();
  }

  #ended(): void {
    if (this.#refusal !== null) return this.#refuse();
    this.#reader?.end();
    if (this.#isOver) return;
    // Its end and that of a cut are the same.
    if (this.#isUnframed && !this.#hasEnded)
      return this.#fail({ kind: "cut", detail: endedByServer });
    this.#over();
  }

  broken(error: Error): void {
    if (this.#isOver) return;
    if (this.#refusal !== null) return this.#refuse();
    if (this.#hasEnded) return this.#over();
    this.#fail(failureOf(error, this.#hasHead));
  }

  /** Nothing is told any more. */
  leave(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#decompressor?.destroy();
  }

  #late(): void {
    // What comes behind the last event has nothing to say.
    if (this.#hasEnded) this.#over();
    else this.#fail({ kind: "timed out", detail: `nothing came for ${this.#timeoutMs / 1_000} s` });
    this.#abort();
  }

  #refuse(): void {
    if (this.#refusal === null) return;
    const all = this.#said.toString("utf8");
    // A part of a secret couldn't be known for one.
    const said = (this.#said.length < maxSaidBytes ? all : all.replace(/\S*$/, "")).trim();
    const detail = [this.#refusal.detail, said].filter(Boolean).join(": ");
    this.#fail({ ...this.#refusal, detail });
  }

  #over(): void {
    if (this.#tokens === 0) {
      return this.#fail({
        kind: "no token",
        detail: "it came whole, and no event of it adds text",
      });
    }
    if (this.#isOver) return;
    this.leave();
    this.#handlers.answered?.();
  }

  #fail(failure: AnswerFailure): void {
    if (this.#isOver) return;
    this.leave();
    // Of a stream that goes on, nothing is wanted any more.
    this.#abort();
    const handlers = this.#handlers;
    if (handlers.failed !== undefined) handlers.failed(failure);
    else handlers.closed(`${failure.kind}: ${failure.detail}`);
  }
}

function headerIn(fields: readonly Buffer[]): Header {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at]?.toString("latin1").toLowerCase() ?? "";
    values.set(name, fields[at + 1]?.toString("latin1") ?? "");
  }
  return (name) => values.get(name);
}

export const openai: AnyTransport = defineTransport<Options>({
  name: "openai",
  title: "OpenAI-like endpoint",
  summary: "your own endpoint as it is: each POST is answered by a stream of tokens",
  delivery: "push",
  onlyWhenNamed: true,
  asIs: true,
  scenarios: ["endpoint"],
  answers: () => true,
  // What HTTP/2 is asked here, can't be given up.
  layers: ["gzip", "br", "keepalive"],
  options: z.strictObject({ timeoutMs: duration(100, 3_600_000).default(60_000) }),
  shorthand: "timeoutMs",
  prepare: () => loadHttpClient(),
  clients: {
    default: async (target, handlers, options, layers) =>
      new AskingClient(target, handlers, options, layers),
  },
});
