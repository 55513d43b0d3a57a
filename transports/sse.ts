import { request as httpRequest } from "node:http";
import type { ServerResponse } from "node:http";
import { EventSource } from "eventsource";
import type { EventSourceMessage } from "eventsource-parser";
import * as z from "zod";
import { channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { EventReader, blocksIn, endlessEvent, readerOf } from "./event-stream.ts";
import { HttpClient, HttpUpstream, loadHttpClient, reasonOf, unbounded } from "./http-client.ts";
import type { Feed } from "./feed.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { refuse, serveHttp } from "./http-service.ts";
import { duration } from "./option-values.ts";
import {
  ProtocolError,
  asError,
  unexpectedEncoding,
  expectedNumber,
  normalizedError,
  quoted,
  unexpectedStatus,
  endedByServer,
  unexpectedUpgrade,
  subscribeError,
} from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { eventStreamTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import type {
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  TransportServer,
} from "./transport.ts";
import { Upstream, classifyUpstream } from "./upstream.ts";
import { Subscriptions } from "./subscriptions.ts";

/*
 * The wire format, over one chunked HTTP/1.1 answer to `GET /sse/:channel`:
 *
 *   event: hello, id and data: 12    where the stream begins: message 13 comes next
 *   id: 13, data: …                  a message; a line of data for each line of its payload
 *   :                                a heartbeat
 *
 * A client resumes with `Last-Event-ID`; a hello with a higher number than it asked for tells a gap.
 * Payloads are UTF-8 text. The format knows no carriage return within a line: it arrives as a line feed.
 */

/** Node's own, but said here: it stands in the head of every answer to a POST. */
const upstreamKeepAliveMs = 5_000;

/** Server-sent events: the WHATWG HTML standard, section 9.2. */
export const sse: AnyTransport = defineTransport({
  name: "sse",
  title: "SSE",
  aliases: ["eventsource", "server-sent-events", "event-stream"],
  summary: "Server-sent events, with a POST for each message up",
  delivery: "push",
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(15_000),
    ...logOptions,
  }),
  shorthand: "heartbeatMs",
  idleCycleMs: (options) => options.heartbeatMs,
  theory: () => eventStreamTheory(upstreamKeepAliveMs),
  classify: classifyUpstream,
  serve: serveEvents,
  clients: { default: connectParser, eventsource: connectEventSource },
  async prepare(client) {
    await loadHttpClient();
    if (client === "eventsource") await import("./undici-fetch.ts");
  },
});

interface Options extends LogOptions {
  heartbeatMs: number;
}

const route = new RegExp(`^/sse/(${channelPattern})$`);
const heartbeat = chunk(":\n\n");

function serveEvents(
  listener: Listener,
  handlers: ServerHandlers,
  options: Options,
): TransportServer {
  // The answer's socket is written to directly: events are encoded once, as HTTP chunks, for all.
  const subscriptions = new Subscriptions(options, (payload, number) =>
    chunk(`id: ${number}\n${dataLines(payload)}\n`),
  );
  const upstream = new Upstream(listener, handlers);
  listener.http.keepAliveTimeout = upstreamKeepAliveMs;

  const beat = (feed: Feed): void => {
    // It hasn't read what came before.
    if (feed.isBehind) return;
    feed.stream.write(heartbeat);
    listener.attribute(feed.stream, "heartbeats", heartbeat.length, 0);
  };

  const subscribe = (name: string, after: string | undefined, response: ServerResponse): void => {
    const { socket } = response.req;
    const refusal = subscriptions.refused(name, after);
    if (refusal !== null) return refuse(response, 400, refusal);
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "Transfer-Encoding": "chunked",
    });
    response.flushHeaders();
    const { feed, leave } = subscriptions.add(name, after, {
      stream: socket,
      greet(cursor) {
        socket.write(chunk(`event: hello\nid: ${cursor}\ndata: ${cursor}\n\n`));
        listener.attributeRest(socket, "setUp");
      },
    });
    const heartbeats = setInterval(beat, options.heartbeatMs, feed);
    response.once("close", () => {
      clearInterval(heartbeats);
      leave();
    });
  };

  serveHttp(listener, {
    request(request, response) {
      if (upstream.take(request, response)) return;
      const name = route.exec(request.url ?? "")?.[1];
      if (name === undefined) return refuse(response, 404, "event streams are at /sse/:channel");
      if (request.method !== "GET")
        return refuse(response, 405, "event streams use GET", { Allow: "GET" });
      const after = request.headers["last-event-id"];
      subscribe(name, Array.isArray(after) ? after[0] : after, response);
    },
  });

  return {
    publish: (name, payload) => subscriptions.publish(name, payload),
    async [Symbol.asyncDispose]() {
      subscriptions[Symbol.dispose]();
    },
  };
}

/** One HTTP/1.1 chunk: its length in hexadecimal, and the text between line ends (RFC 9112, 7.1). */
function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function dataLines(payload: Buffer): string {
  const text = payload.toString();
  return `data: ${/[\r\n]/.test(text) ? text.replaceAll(/\r\n|\r|\n/g, "\ndata: ") : text}\n`;
}

/** The default client: `eventsource-parser` on the answer of `node:http`. */
async function connectParser(target: Target, handlers: ClientHandlers): Promise<Connection> {
  // For what it sends up.
  await loadHttpClient();
  const stream = new EventStream(target, handlers);
  const request = httpRequest({
    path: `/sse/${target.channel}`,
    headers: {
      Host: target.url.host,
      Accept: "text/event-stream",
      ...(target.after !== undefined && { "Last-Event-ID": target.after }),
    },
    createConnection: () => target.dial(),
  });
  const reader = new EventReader((event) => stream.take(event));
  request.on("response", (response) => {
    response.on("error", (error) => stream.fail(normalizedError(error)));
    response.on("end", () => stream.fail(new Error(endedByServer)));
    const { statusCode = 0, headers } = response;
    const refusal = stream.refusalOf(statusCode, (name) => headers[name]?.toString());
    if (refusal !== null) return stream.fail(refusal);
    response.on("data", (chunk: Buffer) => {
      stream.received(chunk);
      if (!reader.feed(chunk)) stream.fail(endlessEvent());
    });
  });
  request.on("information", ({ statusCode }) => stream.interim(statusCode));
  request.on("upgrade", (_response, socket) => {
    socket.destroy();
    stream.fail(unexpectedUpgrade());
  });
  request.on("error", (error) => stream.fail(normalizedError(error)));
  request.on("close", () => stream.fail(new Error(endedByServer)));
  request.end();
  return stream.connected(async () => {
    request.destroy();
  });
}

/** The `eventsource` package, as an application would use it; only its reconnecting is stopped. */
async function connectEventSource(target: Target, handlers: ClientHandlers): Promise<Connection> {
  await loadHttpClient();
  const { fetch } = await import("./undici-fetch.ts");
  const stream = new EventStream(target, handlers);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  // The package passes on an error's message only.
  let failure: Error | undefined;
  const failing = (error: unknown, hasHead: boolean): never => {
    failure = systemError(error, hasHead);
    throw failure;
  };
  const openEvents: typeof fetch = async (url, init) => {
    const response = await fetch(url, init).catch((error: unknown) => failing(error, false));
    const { headers, status } = response;
    const refusal = stream.refusalOf(status, (name) => headers.get(name) ?? undefined);
    return refusal === null ? response : failing(refusal, true);
  };
  const source = new EventSource(new URL(`/sse/${target.channel}`, target.url), {
    fetch: async (url, init) => {
      const response = await openEvents(url, {
        ...init,
        // Where it leads is not what is to be measured.
        redirect: "manual",
        dispatcher: client.dispatcher,
        headers: {
          ...init.headers,
          // As all clients here have it: what is compressed can't be held against what isn't.
          "Accept-Encoding": "identity",
          ...(target.after !== undefined && { "Last-Event-ID": String(target.after) }),
        },
      });
      const { status, redirected, headers, body } = response;
      const failed = (error: unknown): never => failing(error, true);
      const reader = readerOf(body, (chunk) => stream.received(chunk), failed);
      return { url: response.url, status, redirected, headers, body: { getReader: () => reader } };
    },
  });
  source.addEventListener("hello", (event) => stream.hello(event.data));
  source.addEventListener("message", (event) => stream.message(event.lastEventId, event.data));
  source.addEventListener("error", (event) => {
    // One that the server has sent, of that name.
    if ("data" in event) return;
    source.close();
    stream.fail(failure ?? new Error(event.message ?? endedByServer));
  });
  return stream.connected(async () => {
    source.close();
    await client.close();
  });
}

/** What `fetch` hides behind an error of its own. */
function systemError(error: unknown, hasHead: boolean): Error {
  const { cause } = asError(error);
  if (!(cause instanceof Error)) return asError(error);
  // Of that status, `fetch` says nothing: it takes it for a proxy's.
  return cause.message === "" ? new ProtocolError("status 407", 407) : reasonOf(cause, hasHead);
}

/** What is read at once: only of a stream in which more than that brings no message, events are counted. */
const usualBytes = 65_536;

/** A stream brings nothing but comments and other events. */
function noMessageComes(): ProtocolError {
  const much = `more than ${maxPerSecond} events and comments within a second`;
  return new ProtocolError(`${much}, and no message`);
}

/** What any client of this wire format does with its events. */
class EventStream {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  readonly #upstream: HttpUpstream;
  readonly #subscribed: PromiseWithResolvers;
  #cursor = 0;
  #state: "connecting" | "open" | "ended" = "connecting";
  /** What was received before the hello, for the error of whoever waits for one in vain. */
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
    if (this.#bytesSinceMessage > usualBytes && this.#flood.exceeds(blocksIn(chunk))) {
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
