import type { Coding } from "./content-coding.ts";
import { HttpUpstream, upstreamKept } from "./http-client.ts";
import type { KeepAlive } from "./http-client.ts";
import {
  ProtocolError,
  asError,
  expectedNumber,
  quoted,
  subscribeError,
  unexpectedEncoding,
  unexpectedStatus,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/**
 * One client's side of an answer that stays open: it begins with a hello, the messages follow, and what the
 * client sends up goes by POST.
 */
export class StreamSubscription implements Connection {
  /** Null once nothing of it is needed any more. */
  #target: Target | null;
  readonly #coding: Coding;
  readonly #keepAlive: KeepAlive;
  readonly #handlers: ClientHandlers;
  /** Made late, since many clients send nothing. */
  #upstream: HttpUpstream | null = null;
  /** Null once a hello has come. */
  #subscribed: PromiseWithResolvers | null;
  #cursor = 0;
  #state: "connecting" | "open" | "away" | "ended" = "connecting";
  /** What was received before the hello, for the error message if none comes. */
  #received = "no answer";
  #close: () => Promise<void> = async () => {};

  /** `coding` is how the stream is asked for, `keepAlive` what messages up are sent on. */
  constructor(
    target: Target,
    handlers: ClientHandlers,
    coding: Coding = "identity",
    keepAlive: KeepAlive = upstreamKept,
  ) {
    this.#target = target;
    this.#coding = coding;
    this.#keepAlive = keepAlive;
    this.#handlers = handlers;
    this.#subscribed = withResolvers();
  }

  get isConnecting(): boolean {
    return this.#state === "connecting";
  }

  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** Says what has been received so far, in case that no hello comes. */
  note(received: string): void {
    this.#received = received;
  }

  /** Why the head of an answer is not that of a stream as it was asked for; null where it is. */
  refusalOf(status: number, header: Header): ProtocolError | null {
    return status === 200
      ? unexpectedEncoding(header, this.#coding)
      : unexpectedStatus(status, header);
  }

  /** Takes the head of an answer, interim or not. */
  begin(status: number, header: Header): void {
    if (status < 200) return this.interim(status);
    const refusal = this.refusalOf(status, header);
    if (refusal !== null) this.fail(refusal);
  }

  /** An interim answer, which another one has to follow: RFC 9110, section 15.2. */
  interim(status: number): void {
    this.note(`no more than status ${status}`);
  }

  hello(text: string): void {
    if (this.#state === "open") this.fail(new ProtocolError("a second hello"));
    if (this.#state !== "connecting" && this.#state !== "away") return;
    const after = this.#state === "away" ? this.#cursor : this.#target?.after;
    try {
      this.#cursor = expectedNumber(text, "the hello");
    } catch (error) {
      return this.fail(asError(error));
    }
    const missed = this.#cursor - (after ?? this.#cursor);
    if (missed > 0) this.#handlers.gap(missed);
    if (this.#state === "away") this.#target?.ownReturn?.back();
    this.#state = "open";
    this.#received = "";
    this.#subscribed?.resolve();
    this.#subscribed = null;
  }

  /** For those that send nothing and don't come back: the target of each takes memory. */
  protected forgetTarget(): void {
    this.#target = null;
  }

  /** The stream has ended, or wasn't to be had again, and the client's library will ask for another. */
  lost(): void {
    if (this.#state === "away") this.#target?.ownReturn?.failed();
    if (this.#state !== "open") return;
    this.#state = "away";
    this.#target?.ownReturn?.lost();
  }

  /** A message that comes without a number of its own leaves the cursor where it is. */
  deliver(number: number | undefined, data: Buffer | string): void {
    if (this.#state === "connecting") {
      this.fail(new ProtocolError(`a message before the hello: ${quoted(data.toString())}`));
    }
    if (this.#state !== "open") return;
    if (number !== undefined) {
      const missed = number - this.#cursor - 1;
      if (missed > 0) this.#handlers.gap(missed);
      this.#cursor = number;
    }
    this.#handlers.message(data);
  }

  /** The answer is whole, and with it what was asked for; false where that can't be, or it has failed before. */
  complete(): boolean {
    if (this.#state === "connecting") this.fail(new Error("an answer without a hello"));
    if (this.#state !== "open") return false;
    this.#state = "ended";
    return true;
  }

  fail(error: Error): void {
    const state = this.#state;
    this.#state = "ended";
    if (state === "ended") return;
    if (state === "connecting") this.#subscribed?.reject(subscribeError(error, this.#received));
    else this.#handlers.closed(error.message);
    // Nothing more is read: it might never end.
    void this.#close();
  }

  /** The connection, once subscribed; `close` ends what the client has opened. */
  async connected(close: () => Promise<void>): Promise<Connection> {
    this.#close = close;
    try {
      await this.#subscribed?.promise;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
    return this;
  }

  get cursor(): number {
    return this.#cursor;
  }

  send(payload: Buffer): void {
    if (this.#target === null) return;
    this.#upstream ??= new HttpUpstream(this.#target, this.#keepAlive, this.#handlers, (error) =>
      this.fail(error),
    );
    this.#upstream.send(payload);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "ended";
    await Promise.all([this.#close(), this.#upstream?.close()]);
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
