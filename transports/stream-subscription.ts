import type { Coding } from "./content-coding.ts";
import { HttpUpstream, upstreamKept } from "./http-client.ts";
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
export class StreamSubscription {
  readonly #target: Target;
  readonly #coding: Coding;
  readonly #handlers: ClientHandlers;
  readonly #upstream: HttpUpstream;
  readonly #subscribed: PromiseWithResolvers;
  #cursor = 0;
  #state: "connecting" | "open" | "away" | "ended" = "connecting";
  /** What was received before the hello, for the error message if none comes. */
  #received = "no answer";
  #close: () => Promise<void> = async () => {};

  /** `coding` is how the stream is asked for. */
  constructor(target: Target, handlers: ClientHandlers, coding: Coding = "identity") {
    this.#target = target;
    this.#coding = coding;
    this.#handlers = handlers;
    this.#upstream = new HttpUpstream(target, upstreamKept, handlers, (error) => this.fail(error));
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

  /** An interim answer, which another one has to follow: RFC 9110, section 15.2. */
  interim(status: number): void {
    this.note(`no more than status ${status}`);
  }

  hello(text: string): void {
    if (this.#state === "open") this.fail(new ProtocolError("a second hello"));
    if (this.#state !== "connecting" && this.#state !== "away") return;
    const after = this.#state === "away" ? this.#cursor : this.#target.after;
    try {
      this.#cursor = expectedNumber(text, "the hello");
    } catch (error) {
      return this.fail(asError(error));
    }
    const missed = this.#cursor - (after ?? this.#cursor);
    if (missed > 0) this.#handlers.gap(missed);
    if (this.#state === "away") this.#target.ownReturn?.back();
    this.#state = "open";
    this.#subscribed.resolve();
  }

  /** The stream has ended, or wasn't to be had again, and the client's library will ask for another. */
  lost(): void {
    if (this.#state === "away") this.#target.ownReturn?.failed();
    if (this.#state !== "open") return;
    this.#state = "away";
    this.#target.ownReturn?.lost();
  }

  /** A message that comes without a number of its own leaves the cursor where it is. */
  deliver(number: number | undefined, data: string): void {
    if (this.#state === "connecting") {
      this.fail(new ProtocolError(`a message before the hello: ${quoted(data)}`));
    }
    if (this.#state !== "open") return;
    if (number !== undefined) {
      const missed = number - this.#cursor - 1;
      if (missed > 0) this.#handlers.gap(missed);
      this.#cursor = number;
    }
    this.#handlers.message(data);
  }

  fail(error: Error): void {
    const state = this.#state;
    this.#state = "ended";
    if (state === "ended") return;
    if (state === "connecting") this.#subscribed.reject(subscribeError(error, this.#received));
    else this.#handlers.closed(error.message);
    // Nothing more is read: it might never end.
    void this.#close();
  }

  /** The connection, once subscribed; `close` ends what the client has opened. */
  async connected(close: () => Promise<void>): Promise<Connection> {
    this.#close = close;
    const end = async (): Promise<void> => {
      this.#state = "ended";
      await Promise.all([close(), this.#upstream.close()]);
    };
    try {
      await this.#subscribed.promise;
    } catch (error) {
      await end();
      throw error;
    }
    const cursor = (): number => this.#cursor;
    return {
      get cursor() {
        return cursor();
      },
      send: (payload) => this.#upstream.send(payload),
      [Symbol.asyncDispose]: end,
    };
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
