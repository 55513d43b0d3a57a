import type { EventSourceMessage } from "eventsource-parser";
import { blocksIn } from "./sse-parser.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { HttpUpstream } from "./http-client.ts";
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

/** The size of one read. Events are counted only once more than this has arrived without a message. */
const maxReadBytes = 65_536;

/** A stream brings nothing but comments and other events. */
function noMessageComes(): ProtocolError {
  const much = `more than ${maxPerSecond} events and comments within a second`;
  return new ProtocolError(`${much}, and no message`);
}

/** Handles the events of a stream, for every client of this wire format. */
export class EventSubscription {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  readonly #upstream: HttpUpstream;
  readonly #subscribed: PromiseWithResolvers;
  #cursor = 0;
  #state: "connecting" | "open" | "ended" = "connecting";
  /** What was received before the hello, for the error message if none comes. */
  #received = "no answer";
  #close: () => Promise<void> = async () => {};
  #bytesSinceMessage = 0;
  readonly #flood = new FloodDetector();

  constructor(target: Target, handlers: ClientHandlers) {
    this.#target = target;
    this.#handlers = handlers;
    this.#upstream = new HttpUpstream(target, handlers, (error) => this.fail(error));
    this.#subscribed = withResolvers();
  }

  /** Why the head of an answer is not that of an event stream as it comes; null where it is. */
  refusalOf(status: number, header: Header): ProtocolError | null {
    if (status !== 200) return unexpectedStatus(status, header);
    const type = header("content-type") ?? "";
    if (!/^text\/event-stream *(;|$)/i.test(type)) {
      return new ProtocolError(`the Content-Type is ${quoted(type)}, and not text/event-stream`);
    }
    const compressed = unexpectedEncoding(header);
    if (compressed !== null) return compressed;
    this.#received = 'an event stream, but no event "hello"';
    return null;
  }

  /** An interim answer, which another one has to follow: RFC 9110, section 15.2. */
  interim(status: number): void {
    this.#received = `no more than status ${status}`;
  }

  /** Takes note of the stream's bytes as they arrive. */
  received(chunk: Buffer): void {
    this.#bytesSinceMessage += chunk.length;
    if (this.#bytesSinceMessage > maxReadBytes && this.#flood.exceeds(blocksIn(chunk))) {
      this.fail(noMessageComes());
    }
    if (this.#state !== "connecting") return;
    this.#received = `an event stream, but no event "hello", only ${quoted(chunk.toString())}`;
  }

  take({ event, id, data }: EventSourceMessage): void {
    if (event === "hello") this.hello(data);
    // Without a type, an event is a message: section 9.2.6 of the standard.
    else if (event === undefined || event === "message") this.message(id, data);
  }

  hello(data: string): void {
    if (this.#state === "open") this.fail(new ProtocolError("a second hello"));
    if (this.#state !== "connecting") return;
    try {
      this.#cursor = expectedNumber(data, "the hello");
    } catch (error) {
      return this.fail(asError(error));
    }
    this.#state = "open";
    const missed = this.#cursor - (this.#target.after ?? this.#cursor);
    if (missed > 0) this.#handlers.gap(missed);
    this.#subscribed.resolve();
  }

  /** A message that comes without an id of its own has that of the one before, as the standard has it. */
  message(id: string | undefined, data: string): void {
    if (this.#state === "connecting") {
      this.fail(new ProtocolError(`a message before the hello: ${quoted(data)}`));
    }
    if (this.#state !== "open") return;
    this.#bytesSinceMessage = 0;
    if (id !== undefined && id !== "") this.#cursor = Number(id);
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
