import { request as httpRequest } from "node:http";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { Channels, channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import {
  HttpUpstream,
  SocketLedger,
  openHttpClient,
  refuse,
  refusedCursor,
  takeUpstream,
} from "./http.ts";
import { duration } from "./option-values.ts";
import { eventStreamTheory } from "./theory.ts";
import { defineTransport } from "./transport.ts";
import type {
  AnyTransport,
  ClientHandlers,
  Connection,
  Listener,
  ServerHandlers,
  Target,
  TransportServer,
} from "./transport.ts";

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
  summary: "Server-sent events, with a POST for each message up",
  delivery: "push",
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(15_000),
    ...logOptions,
  }),
  shorthand: "heartbeatMs",
  idleCycleMs: (options) => options.heartbeatMs,
  theory: eventStreamTheory(upstreamKeepAliveMs),
  serve: serveEvents,
  clients: { default: connectParser, eventsource: connectEventSource },
  async prepare(client) {
    if (client === "eventsource") await import("./undici-fetch.ts");
  },
});

interface Options extends LogOptions {
  heartbeatMs: number;
}

/** The answer's socket is written to directly: events are encoded once, as HTTP chunks, for all. */
interface Peer {
  readonly socket: Socket;
  readonly heartbeat: NodeJS.Timeout;
}

const route = new RegExp(`^/sse/(${channelPattern})$`);
const heartbeat = chunk(":\n\n");

function serveEvents(
  listener: Listener,
  handlers: ServerHandlers,
  options: Options,
): TransportServer {
  const channels = new Channels<Peer>(options);
  const ledger = new SocketLedger();
  listener.http.keepAliveTimeout = upstreamKeepAliveMs;

  const beat = (socket: Socket): void => {
    socket.write(heartbeat);
    handlers.spent("heartbeats", heartbeat.length, 0);
  };

  const subscribe = (name: string, after: string | undefined, response: ServerResponse): void => {
    const { socket } = response.req;
    const { log, peers } = channels.get(name);
    const refusal = after === undefined ? null : refusedCursor(after, log.newest);
    if (refusal !== null) return refuse(response, 400, refusal);
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "Transfer-Encoding": "chunked",
    });
    response.flushHeaders();
    const missed = log.after(after === undefined ? log.newest : Number(after));
    socket.write(chunk(`event: hello\nid: ${missed.cursor}\ndata: ${missed.cursor}\n\n`));
    const { down, up } = ledger.since(socket);
    handlers.spent("setUp", down, up);
    for (const entry of missed.entries) socket.write(entry);
    const peer = { socket, heartbeat: setInterval(beat, options.heartbeatMs, socket) };
    peers.add(peer);
    response.once("close", () => {
      clearInterval(peer.heartbeat);
      peers.delete(peer);
    });
  };

  listener.http.on("request", (request, response) => {
    if (takeUpstream(request, response, handlers, ledger)) return;
    const name = route.exec(request.url ?? "")?.[1];
    if (name === undefined) return refuse(response, 404, "event streams are at /sse/:channel");
    if (request.method !== "GET")
      return refuse(response, 405, "event streams use GET", { Allow: "GET" });
    const after = request.headers["last-event-id"];
    subscribe(name, Array.isArray(after) ? after[0] : after, response);
  });

  return {
    publish(name, payload) {
      const { log, peers } = channels.get(name);
      const entry = chunk(`id: ${log.newest + 1}\n${dataLines(payload)}\n`);
      log.append(entry);
      for (const { socket } of peers) {
        // A client that has stopped reading is cut off; it can resume from the log.
        if (socket.writableLength > options.logBytes) socket.destroy();
        else socket.write(entry);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const peer of channels.peers()) {
        clearInterval(peer.heartbeat);
        peer.socket.destroy();
      }
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
function connectParser(target: Target, handlers: ClientHandlers): Promise<Connection> {
  const stream = new EventStream(target, handlers);
  const request = httpRequest({
    path: `/sse/${target.channel}`,
    headers: {
      Host: target.authority,
      Accept: "text/event-stream",
      ...(target.after !== undefined && { "Last-Event-ID": target.after }),
    },
    createConnection: () => target.dial(),
  });
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event === "hello") stream.hello(data);
      // Without a type, an event is a message: section 9.2.6 of the standard.
      else if (event === undefined || event === "message") stream.message(id, data);
    },
  });
  request.on("response", (response) => {
    response.setEncoding("utf8");
    response.on("error", (error) => stream.fail(error));
    if (response.statusCode === 200) {
      response.on("data", (text: string) => parser.feed(text));
      response.on("end", () => stream.fail(new Error("the server ended the stream")));
    } else {
      response.resume();
      stream.fail(new Error(`the stream was refused with status ${response.statusCode}`));
    }
  });
  request.on("error", (error) => stream.fail(error));
  request.end();
  return stream.connected(async () => {
    request.destroy();
  });
}

/** The `eventsource` package, as an application would use it; only its reconnecting is stopped. */
async function connectEventSource(target: Target, handlers: ClientHandlers): Promise<Connection> {
  const { fetch } = await import("./undici-fetch.ts");
  const stream = new EventStream(target, handlers);
  const dispatcher = openHttpClient(target, 60_000);
  const source = new EventSource(`http://${target.authority}/sse/${target.channel}`, {
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        dispatcher,
        headers: {
          ...init.headers,
          ...(target.after !== undefined && { "Last-Event-ID": String(target.after) }),
        },
      }),
  });
  source.addEventListener("hello", (event) => stream.hello(event.data));
  source.addEventListener("message", (event) => stream.message(event.lastEventId, event.data));
  source.addEventListener("error", (event) => {
    source.close();
    stream.fail(new Error(event.message ?? "the server ended the stream"));
  });
  return stream.connected(async () => {
    source.close();
    await dispatcher.destroy();
  });
}

/** What any client of this wire format does with its events. */
class EventStream {
  readonly #target: Target;
  readonly #handlers: ClientHandlers;
  readonly #upstream: HttpUpstream;
  readonly #subscribed: PromiseWithResolvers;
  #cursor = 0;
  #state: "connecting" | "open" | "ended" = "connecting";

  constructor(target: Target, handlers: ClientHandlers) {
    this.#target = target;
    this.#handlers = handlers;
    this.#upstream = new HttpUpstream(target, (reason) => this.fail(new Error(reason)));
    this.#subscribed = withResolvers();
  }

  hello(data: string): void {
    if (this.#state !== "connecting") return;
    this.#state = "open";
    this.#cursor = Number(data);
    const missed = this.#cursor - (this.#target.after ?? this.#cursor);
    if (missed > 0) this.#handlers.gap(missed);
    this.#subscribed.resolve();
  }

  message(id: string | undefined, data: string): void {
    if (this.#state !== "open") return;
    this.#cursor = Number(id);
    this.#handlers.message(data);
  }

  fail(error: Error): void {
    if (this.#state === "connecting") this.#subscribed.reject(error);
    else if (this.#state === "open") this.#handlers.closed(error.message);
    this.#state = "ended";
  }

  /** The connection, once subscribed; `close` ends what the client has opened. */
  async connected(close: () => Promise<void>): Promise<Connection> {
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
