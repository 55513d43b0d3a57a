import * as z from "zod";
import { browserClients, connectInPage, layersWithoutInBrowser } from "./browser/in-page.ts";
import { channelPattern, logOptions } from "./channels.ts";
import { keptFor, loadHttpClient } from "./http-client.ts";
import { contentLayers, guardLayers, http2Layers, isHttp2 } from "./layers.ts";
import { duration } from "./option-values.ts";
import { connectEventSource, connectFetch, connectParser } from "./sse-clients.ts";
import { slowOptions } from "./slow-policy.ts";
import { serveStreams, upstreamKeepAliveMs } from "./stream-server.ts";
import type { StreamFormat } from "./stream-server.ts";
import { connectLeanEvents } from "./sse-lean.ts";
import { connectUndiciEventSource } from "./sse-undici.ts";
import { methodOption, streamMethods } from "./stream-methods.ts";
import { eventStreamTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import { classifyUpstream } from "./upstream.ts";
import { postsBeside } from "./wire-form.ts";

/*
 * The wire format, over one chunked HTTP/1.1 answer to `GET /sse/:channel`, or to a POST:
 *
 *   event: hello, id and data: 12    where the stream begins: message 13 comes next
 *   id: 13, data: …                  a message; a line of data for each line of its payload
 *   :                                a heartbeat
 *
 * A client resumes with `Last-Event-ID`, or with `?after=12` where it can't say that by itself, as a browser's
 * EventSource at first; a hello with a higher number than it asked for means a gap, and so do numbers
 * that are left out between two messages.
 * Payloads are UTF-8 text. The format knows no carriage return within a line: it arrives as a line feed.
 */

/** Server-sent events: the WHATWG HTML standard, section 9.2. */
export const sse: AnyTransport = defineTransport({
  name: "sse",
  title: "SSE",
  aliases: ["eventsource", "server-sent-events", "event-stream"],
  summary: "Server-sent events, with a POST for each message up",
  delivery: "push",
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(15_000),
    method: methodOption,
    ...logOptions,
    ...slowOptions,
  }),
  shorthand: "heartbeatMs",
  heartbeat: "heartbeatMs",
  answers: ({ method }) => method === "post",
  refusal: (client, { method }) =>
    method === "post" && getOnly.has(client)
      ? `${client} asks for events with GET alone; clients that can have method=post are default, fetch, lean`
      : null,
  idleCycleMs: (options) => options.heartbeatMs,
  theory: (_options, layers, client) =>
    eventStreamTheory(keptFor(upstreamKeepAliveMs, layers), layers, client),
  classify: classifyUpstream,
  wireForm: ({ method }) => postsBeside("/sse", streamMethods[method]),
  serve: (listener, handlers, options, layers) =>
    serveStreams(
      listener,
      handlers,
      options,
      { ...events, method: streamMethods[options.method] },
      layers,
    ),
  layers: [...contentLayers, ...http2Layers, "keepalive", "headers", ...guardLayers],
  // Libraries send fields of their own. What bounds undici's events counts them as they come from the server.
  layersWithout: {
    eventsource: [...http2Layers, "keepalive", "headers"],
    fetch: [...http2Layers, "keepalive", "headers"],
    undici: [...contentLayers, ...http2Layers, "keepalive", "headers"],
    lean: [...contentLayers, ...http2Layers, "keepalive"],
    ...layersWithoutInBrowser,
  },
  comesBack: ["eventsource", "browser", "firefox"],
  inBrowser: browserClients,
  onlyReceives: ["lean"],
  clients: {
    default: connectParser,
    eventsource: connectEventSource,
    fetch: connectFetch,
    undici: connectUndiciEventSource,
    lean: connectLeanEvents,
    ...connectInPage(() => ({ kind: "event-source" as const })),
  },
  async prepare(client, _options, layers) {
    // They need nothing of a library.
    if (client === "lean" || client in browserClients) return;
    await loadHttpClient(isHttp2(layers));
    if (client !== "default") await import("./undici-web.ts");
  },
});

const route = new RegExp(`^/sse/(${channelPattern})(?:\\?after=(\\d+))?$`);

/** Those that know no other: WHATWG HTML, section 9.2.2. */
const getOnly: ReadonlySet<string> = new Set([
  "eventsource",
  "undici",
  ...Object.keys(browserClients),
]);

const events: Omit<StreamFormat, "method"> = {
  place: "event streams are at /sse/:channel",
  contentType: "text/event-stream",
  heartbeat: ":\n\n",
  asked({ url, headers }) {
    const [, channel, asked] = route.exec(url ?? "") ?? [];
    const after = headers["last-event-id"] ?? asked;
    return channel === undefined
      ? null
      : { channel, after: Array.isArray(after) ? after[0] : after };
  },
  hello: (cursor) => `event: hello\nid: ${cursor}\ndata: ${cursor}\n\n`,
  message: (payload, number) => `id: ${number}\n${dataLines(payload)}\n`,
  // A comment.
  padding: (bytes) => `:${" ".repeat(Math.max(0, bytes - 3))}\n\n`,
};

function dataLines(payload: Buffer): string {
  const text = payload.toString();
  return `data: ${/[\r\n]/.test(text) ? text.replaceAll(/\r\n|\r|\n/g, "\ndata: ") : text}\n`;
}
