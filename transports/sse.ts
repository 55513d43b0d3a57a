import type { ServerResponse } from "node:http";
import * as z from "zod";
import { channelPattern, logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { loadHttpClient } from "./http-client.ts";
import type { Feed } from "./feed.ts";
import { refuse, serveHttp } from "./http-service.ts";
import { duration } from "./option-values.ts";
import { connectEventSource, connectFetch, connectParser } from "./sse-clients.ts";
import { connectUndiciEventSource } from "./sse-undici.ts";
import { eventStreamTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import type { Listener, ServerHandlers, TransportServer } from "./transport.ts";
import { Upstream, classifyUpstream } from "./upstream.ts";
import { Subscriptions } from "./subscriptions.ts";

/*
 * The wire format, over one chunked HTTP/1.1 answer to `GET /sse/:channel`:
 *
 *   event: hello, id and data: 12    where the stream begins: message 13 comes next
 *   id: 13, data: …                  a message; a line of data for each line of its payload
 *   :                                a heartbeat
 *
 * A client resumes with `Last-Event-ID`; a hello with a higher number than it asked for means a gap.
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
  clients: {
    default: connectParser,
    eventsource: connectEventSource,
    fetch: connectFetch,
    undici: connectUndiciEventSource,
  },
  async prepare(client) {
    await loadHttpClient();
    if (client !== "default") await import("./undici-web.ts");
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
