import type { Duplex } from "node:stream";
import type { Client, Dispatcher } from "undici";
import { connectedEvent } from "./connected-event.ts";
import { acceptHeader, decompressed, decompressorOf } from "./content-coding.ts";
import type { Coding } from "./content-coding.ts";
import {
  ProtocolError,
  asError,
  brokenCoding,
  normalizedError,
  notReading,
  unexpectedStatus,
  endedByServer,
  unexpectedUpgrade,
  tooLong,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import type { Layers } from "./layers.ts";
import type { Http2Requests, Question } from "./http2-requests.ts";
import { maxMessageBytes, maxWaitingBytes } from "./transport.ts";
import type { ClientHandlers, Target } from "./transport.ts";

// The client's side of all HTTP transports.

/** How long a client keeps a connection that it doesn't use, where the server doesn't say. */
export interface KeepAlive {
  /** Null where each request has a connection of its own. */
  readonly keepAliveMs: number | null;
  /** Whether the server holds its answers back until there is something to say. */
  readonly isHeld?: boolean;
}

/** What clients keep a connection for, unless the layers have each request on one of its own. */
export function keptFor(keepAliveMs: number, { keepalive }: Layers): number | null {
  return keepalive === "off" ? null : keepAliveMs;
}

/** undici's value for an answer of unlimited length. */
export const unbounded = -1;

/**
 * A connection is given up this many milliseconds before the server says that it closes it: a request has to arrive
 * before that.
 */
const keepAliveThresholdMs = 250;

/** Retries of one request: a server that ends that many connections over it doesn't do so by chance. */
const maxRetries = 3;

let undici: typeof import("./undici-dispatcher.ts") | null = null;
let http2: typeof import("./http2-requests.ts") | null = null;

/** Loads what requests are made with: servers never need it, and all processes have to be ready soon. */
export async function loadHttpClient(isHttp2 = false): Promise<void> {
  if (isHttp2) http2 ??= await import("./http2-requests.ts");
  else undici ??= await import("./undici-dispatcher.ts");
}

/** What requests are dispatched by, in either version of HTTP. */
interface HttpRequests {
  dispatch(question: Question, handler: Dispatcher.DispatchHandler): boolean;
  destroy(): Promise<void>;
}

/** One HTTP user agent, with one connection at a time that the harness dials. */
export class HttpClient {
  readonly requests: HttpRequests;
  readonly maxAnswerBytes: number;
  readonly #undici: Client | null;
  readonly #http2: Http2Requests | null;
  readonly #dial: () => Duplex;
  readonly #handlers: Pick<ClientHandlers, "reconnected">;
  /** The connection that was dialled before anything was asked for; null once it is used. */
  #ahead: Duplex | null = null;
  /** Whether the server has answered before. */
  #served = false;
  #dials = 0;
  /** How often the current request has been left without an answer. */
  #unanswered = 0;

  /** A `maxAnswerBytes` of `unbounded` is for streams, whose readers limit them. */
  constructor(
    target: Target,
    { keepAliveMs, isHeld = false }: KeepAlive,
    maxAnswerBytes: number,
    handlers: Pick<ClientHandlers, "reconnected">,
  ) {
    this.maxAnswerBytes = maxAnswerBytes;
    this.#handlers = handlers;
    this.#dial = () => target.dial();
    if (target.http2 === undefined) {
      this.requests = this.#undici = this.#byUndici(target, keepAliveMs);
      this.#http2 = null;
    } else {
      this.requests = this.#http2 = this.#byHttp2(target, isHeld);
      this.#undici = null;
    }
  }

  /** For code that works on a dispatcher of undici. */
  get dispatcher(): Client {
    if (this.#undici === null) throw new Error("undici makes no requests by HTTP/2 here");
    return this.#undici;
  }

  #byUndici(target: Target, keepAliveMs: number | null): Client {
    if (undici === null) throw new Error("loadHttpClient() comes first");
    return new undici.UndiciClient(target.url, {
      ...(keepAliveMs === null ? oneRequest : kept(keepAliveMs)),
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: this.maxAnswerBytes,
      webSocket: { maxPayloadSize: maxMessageBytes },
      connect: (_options, callback) => {
        const ahead = this.#ahead;
        this.#ahead = null;
        // undici goes on only where it is called later.
        if (ahead !== null) return queueMicrotask(() => callback(null, taken(ahead)));
        const isRetry = this.#unanswered > 0;
        if (isRetry || (this.#dials > 0 && keepAliveMs !== null)) this.#redialled();
        this.#dials += 1;
        connected(target.dial(), callback);
      },
    });
  }

  #byHttp2(target: Target, isHeld: boolean): Http2Requests {
    const { http2: place } = target;
    if (http2 === null || place === undefined) throw new Error("loadHttpClient() comes first");
    const { maxAnswerBytes } = this;
    return new http2.Http2Requests(target, place, {
      maxAnswerBytes,
      isLasting: isHeld || maxAnswerBytes === unbounded,
      redialled: () => this.#redialled(),
    });
  }

  /** Has the connection for the first request dialled at once; resolves when it is there. */
  async connect(): Promise<void> {
    if (this.#http2 !== null) return this.#http2.connect();
    const ahead = await new Promise<Duplex>((resolve, reject) =>
      connected(this.#dial(), (error, stream) =>
        error === null ? resolve(stream) : reject(error),
      ),
    );
    this.#dials += 1;
    this.#ahead = watched(ahead);
    ahead.once("close", () => {
      if (this.#ahead === ahead) this.#ahead = null;
    });
  }

  #redialled(): void {
    this.#handlers.reconnected(this.#unanswered > 0);
  }

  /**
   * What becomes of requests that may be sent twice (RFC 9110, section 9.2.2): `retry` is called for one that meets
   * the end of its connection and gets no byte of an answer, a few times at most, of a server that has answered
   * before. It has to make the request again.
   */
  retryable(
    retry: () => void,
    answered: Answered,
    failed: (error: Error, received: string) => void,
  ): Outcomes {
    return {
      answered: (status, header, body) => {
        this.#served = true;
        this.#unanswered = 0;
        answered(status, header, body);
      },
      failed: (error, received) => {
        const isRetryable = this.#served && received === null && error.message === endedByServer;
        if (!isRetryable || this.#unanswered >= maxRetries) {
          return failed(error, received ?? "no answer");
        }
        this.#unanswered += 1;
        // undici empties its queue meanwhile, and takes a request that comes into it for impossible.
        queueMicrotask(retry);
      },
    };
  }

  /** Makes a function that asks for a path, and for answers that are encoded so. */
  getter(outcomes: Outcomes, coding: Coding = "identity"): (path: string) => void {
    const { answered, failed } = decoding(outcomes, coding, this.maxAnswerBytes);
    const handler = answerHandler(this.maxAnswerBytes, answered, failed);
    const headers = acceptHeader(coding);
    return (path) => void this.requests.dispatch({ method: "GET", path, headers }, handler);
  }

  /** Makes a request whose answer is read as it comes. */
  stream(question: Question, reader: StreamReader, coding: Coding = "identity"): void {
    let hasHead = false;
    const plain = coding === "identity" ? null : decompressorOf(coding);
    const ended = (): void =>
      reader.whole === undefined ? reader.ended(new Error(endedByServer)) : reader.whole();
    plain?.on("data", (chunk: Buffer) => reader.data(chunk)).once("end", ended);
    plain?.once("error", (error) => reader.ended(brokenCoding(error)));
    this.requests.dispatch(
      { ...question, headers: { ...question.headers, ...acceptHeader(coding) } },
      {
        onConnect() {},
        onHeaders(status, headers, resume) {
          hasHead = status >= 200;
          reader.head(status, (name) => headerValue(headers, name));
          plain?.on("drain", resume);
          return true;
        },
        onData(chunk) {
          if (plain !== null) return plain.write(chunk);
          reader.data(chunk);
          return true;
        },
        onComplete: () => (plain === null ? ended() : plain.end()),
        onError(error) {
          plain?.destroy();
          reader.ended(reasonOf(error, hasHead));
        },
      },
    );
  }

  async close(): Promise<void> {
    this.#ahead?.destroy();
    await this.requests.destroy();
  }
}

/** A connection that nobody uses yet. Its end is seen by reading it, and so is what a server says unasked, as with 408. */
function watched(stream: Duplex): Duplex {
  return stream.on("error", ignored).on("data", endUnasked);
}

function taken(stream: Duplex): Duplex {
  return stream.off("error", ignored).off("data", endUnasked);
}

function ignored(): void {}

function endUnasked(this: Duplex): void {
  this.destroy();
}

/** Has undici say `Connection: close`, and dial for each request. */
const oneRequest = { pipelining: 0 };

function kept(keepAliveMs: number): Partial<Client.Options> {
  return {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    keepAliveTimeoutThreshold: keepAliveThresholdMs,
  };
}

/** Reads an answer as it comes. */
export interface StreamReader<Piece = Buffer> {
  /** Called with the head of each interim answer, and then with that of the answer itself. */
  head(status: number, header: Header): void;
  data(piece: Piece): void;
  /** It is whole. Left out where that is no better than any end. */
  whole?(): void;
  /** It has ended otherwise. */
  ended(reason: Error): void;
}

/** Decompresses answers before they are handed on; those that aren't encoded so are handed on as they are. */
function decoding(outcomes: Outcomes, coding: Coding, maxBytes: number): Outcomes {
  if (coding === "identity") return outcomes;
  return {
    failed: outcomes.failed,
    answered(status, header, body) {
      if (header("content-encoding") !== coding) return outcomes.answered(status, header, body);
      const plain = wholePlain(coding, body, maxBytes);
      if (plain instanceof Error) outcomes.failed(plain, "a broken answer");
      else outcomes.answered(status, header, plain);
    },
  };
}

function wholePlain(coding: Coding, body: Buffer, maxBytes: number): Buffer | ProtocolError {
  try {
    return decompressed(coding, body, maxBytes);
  } catch (error) {
    const failure = asError(error);
    const isLonger = codeOf(failure) === "ERR_BUFFER_TOO_LARGE";
    return isLonger ? tooLong("an answer", maxBytes) : brokenCoding(failure);
  }
}

/** Hands a stream over once it is connected, with TLS after its handshake, or the error that kept it from connecting. */
function connected(
  stream: Duplex,
  callback: (...outcome: [Error, null] | [null, Duplex]) => void,
): void {
  const failed = (error: Error): void => callback(error, null);
  stream.once("error", failed);
  stream.once(connectedEvent(stream), () => {
    stream.off("error", failed);
    callback(null, stream);
  });
}

/** How long a connection for messages up is kept, where the server doesn't say. */
export const upstreamKept: KeepAlive = { keepAliveMs: 600_000 };

/** For messages up on connections that are kept so, or where each message up has one of its own. */
export function upstreamFor(layers: Layers): KeepAlive {
  return layers.keepalive === "off" ? { keepAliveMs: null } : upstreamKept;
}

/** Sends messages up by POST on a connection of its own, opened by the first of them. */
export class HttpUpstream {
  readonly #target: Target;
  readonly #keepAlive: KeepAlive;
  readonly #handlers: Pick<ClientHandlers, "reconnected">;
  readonly #failed: (error: Error) => void;
  #client: HttpClient | undefined;
  /** Bytes of messages that are not answered yet. */
  #waitingBytes = 0;
  #hasFailed = false;

  constructor(
    target: Target,
    keepAlive: KeepAlive,
    handlers: Pick<ClientHandlers, "reconnected">,
    failed: (error: Error) => void,
  ) {
    this.#target = target;
    this.#keepAlive = keepAlive;
    this.#handlers = { reconnected: (retried) => handlers.reconnected(retried, true) };
    this.#failed = failed;
  }

  send(payload: Buffer): void {
    if (this.#hasFailed) return;
    this.#client ??= new HttpClient(this.#target, this.#keepAlive, maxMessageBytes, this.#handlers);
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes > maxWaitingBytes) {
      return this.#fail(notReading());
    }
    const ended = (failure: Error | null): void => {
      this.#waitingBytes -= payload.length;
      if (failure !== null) this.#fail(failure);
    };
    this.#client.requests.dispatch(
      { method: "POST", path: `/send/${this.#target.channel}`, body: payload },
      answerHandler(
        maxMessageBytes,
        (status, header) => ended(status === 204 ? null : refusedUp(status, header)),
        ended,
      ),
    );
  }

  /** Messages that wait behind one that failed aren't sent: they would arrive out of order. */
  #fail(failure: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    void this.close();
    this.#failed(failure);
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }
}

function refusedUp(status: number, header: Header): ProtocolError {
  return new ProtocolError(
    `a message sent up got ${unexpectedStatus(status, header).message}`,
    status,
  );
}

/** A whole answer. */
type Answered = (status: number, header: Header, body: Buffer) => void;

/** What is called at the end of a request: once, one of the two. */
export interface Outcomes {
  readonly answered: Answered;
  /** With what was received of an answer; null for not a byte. */
  readonly failed: (error: Error, received: string | null) => void;
}

/**
 * The lean way to use undici: the whole answer in one call, or the reason why there is none, with what was
 * received of it: null for not a byte.
 *
 * These are the handlers that undici 7 itself works with. The ones that it names as their successors
 * stand on top of them and decode every header first, which costs a polling client a tenth of its time.
 */
function answerHandler(
  maxAnswerBytes: number,
  answered: Answered,
  failed: (error: Error, received: string | null) => void,
): Dispatcher.DispatchHandler {
  let began = false;
  let status = 0;
  let raw: readonly Buffer[] = [];
  const header: Header = (name) => headerValue(raw, name);
  let chunks: Buffer[] = [];
  return {
    onConnect() {
      began = false;
      status = 0;
    },
    onResponseStarted() {
      began = true;
    },
    onHeaders(code, headers) {
      status = code;
      raw = headers;
      return true;
    },
    onData(chunk) {
      chunks.push(chunk);
      return true;
    },
    onComplete() {
      const [only = noBody] = chunks;
      const body = chunks.length > 1 ? Buffer.concat(chunks) : only;
      chunks = [];
      answered(status, header, body);
    },
    onError(error) {
      chunks = [];
      const received = status === 0 ? "not the head of an answer" : `no more than status ${status}`;
      failed(reasonOf(error, status > 0, maxAnswerBytes), began ? received : null);
    },
  };
}

/**
 * undici's error in our words, where it has none of the system's; `hasHead` is whether the head of an answer
 * had arrived before it.
 */
export function reasonOf(
  error: Error,
  hasHead: boolean,
  maxAnswerBytes: number = maxMessageBytes,
): Error {
  if (codeOf(error) === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
    return tooLong("an answer", maxAnswerBytes);
  if (codeOf(error) === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return wrongLength(hasHead);
  // Of zlib, as `fetch` passes them on.
  if (/^(?:Z_|ERR__?BROTLI)/.test(String(codeOf(error)))) return brokenCoding(error);
  // The one interim answer that undici doesn't skip.
  if (error.message === "bad response")
    return new ProtocolError(
      "status 100, which this client can't skip: it asks for no 100-continue",
      100,
    );
  if (error.message === "bad upgrade") return unexpectedUpgrade();
  return normalizedError(error);
}

/** The reason that `fetch` wraps in an error of its own; `hasHead` is whether the head of an answer had arrived. */
export function fetchFailure(
  error: unknown,
  hasHead: boolean,
  maxAnswerBytes: number = maxMessageBytes,
): Error {
  const { cause } = asError(error);
  if (!(cause instanceof Error)) return asError(error);
  // Of that status, `fetch` says nothing: it takes it for a proxy's.
  return cause.message === ""
    ? new ProtocolError("status 407", 407)
    : reasonOf(cause, hasHead, maxAnswerBytes);
}

/** undici has one error for a body of another length, and for whatever it can't read behind a length. */
function wrongLength(hasHead: boolean): ProtocolError {
  return new ProtocolError(
    hasHead
      ? "a body of another length than its Content-Length"
      : "an answer that isn't HTTP/1.1: the Content-Length isn't one number, or doesn't stand alone, or " +
          "what follows it is no header",
  );
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : null;
}

/** The value of a header in undici's list of names and values in turn. */
function headerValue(headers: readonly Buffer[], name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const candidate = headers[at];
    if (candidate?.length === name.length && candidate.toString("latin1").toLowerCase() === name) {
      return headers[at + 1]?.toString("latin1") ?? "";
    }
  }
  return undefined;
}

const noBody = Buffer.alloc(0);
