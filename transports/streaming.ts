import * as z from "zod";
import { browserClients, connectInPage, layersWithoutInBrowser } from "./browser/in-page.ts";
import { channelPattern, logOptions } from "./channels.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import { keptFor, loadHttpClient } from "./http-client.ts";
import { contentLayers, guardLayers, http2Layers, isHttp2 } from "./layers.ts";
import { duration } from "./option-values.ts";
import { slowOptions } from "./slow-policy.ts";
import { serveStreams, upstreamKeepAliveMs } from "./stream-server.ts";
import type { StreamFormat } from "./stream-server.ts";
import { methodOption, streamMethods } from "./stream-methods.ts";
import type { StreamMethod } from "./stream-methods.ts";
import { connectFetch, connectLines } from "./streaming-clients.ts";
import { lineTheory } from "./theory.ts";
import { classifyUpstream } from "./upstream.ts";
import { postsBeside } from "./wire-form.ts";

/*
 * The wire format, over one chunked HTTP/1.1 answer to `GET /stream/:channel`, or to a POST: lines of JSON, each
 * ended by a line feed.
 *
 *   {"hello":12}               where the stream begins: message 13 comes next
 *   {"id":13,"data":"…"}       a message: its payload as a string of JSON
 *                              a heartbeat: an empty line
 *
 * A client resumes with `?after=12`; a hello with a higher number than it asked for means a gap, and so do numbers that
 * are left out between two messages. Payloads are UTF-8 text; quotation marks, backslashes and control characters take more bytes than they have. In bytes that
 * aren't UTF-8, each wrong sequence arrives as U+FFFD.
 */

/** HTTP streaming: newline-delimited JSON in an answer that doesn't end. */
export const streaming: AnyTransport = defineTransport({
  name: "streaming",
  title: "HTTP streaming",
  aliases: ["http-streaming", "ndjson", "json-lines", "chunked"],
  summary: "Lines of JSON in an HTTP response that doesn't end, with a POST for each message up",
  delivery: "push",
  onlyWhenNamed: true,
  options: z.strictObject({
    heartbeatMs: duration(1, 3_600_000).default(15_000),
    method: methodOption,
    ...logOptions,
    ...slowOptions,
  }),
  shorthand: "heartbeatMs",
  heartbeat: "heartbeatMs",
  answers: ({ method }) => method === "post",
  idleCycleMs: (options) => options.heartbeatMs,
  // `fetch` has fields of its own.
  layersWithout: {
    fetch: [...http2Layers, "keepalive", "headers"],
    ...layersWithoutInBrowser,
  },
  inBrowser: browserClients,
  theory: (_options, layers, client) =>
    lineTheory(keptFor(upstreamKeepAliveMs, layers), layers, client),
  classify: classifyUpstream,
  wireForm: ({ method }) => postsBeside("/stream", streamMethods[method]),
  layers: [...contentLayers, ...http2Layers, "keepalive", "headers", ...guardLayers],
  serve: (listener, handlers, options, layers) =>
    serveStreams(
      listener,
      handlers,
      options,
      { ...lines, method: streamMethods[options.method] },
      layers,
    ),
  clients: {
    default: connectLines,
    fetch: connectFetch,
    ...connectInPage(({ method }: { readonly method: StreamMethod }) => ({
      kind: "lines" as const,
      method: streamMethods[method],
    })),
  },
  async prepare(client, _options, layers) {
    if (client in browserClients) return;
    await loadHttpClient(isHttp2(layers));
    if (client === "fetch") await import("./undici-web.ts");
  },
});

const route = new RegExp(`^/stream/(${channelPattern})(?:\\?(.*))?$`);

const lines: Omit<StreamFormat, "method"> = {
  place: "streams are at /stream/:channel",
  contentType: "application/x-ndjson",
  heartbeat: "\n",
  asked({ url }) {
    const [, channel, query] = route.exec(url ?? "") ?? [];
    return channel === undefined
      ? null
      : { channel, after: new URLSearchParams(query).get("after") };
  },
  hello: (cursor) => `{"hello":${cursor}}\n`,
  // White space before the first line's JSON.
  padding: (bytes) => " ".repeat(bytes),
  message: (payload, number) => `{"id":${number},"data":${JSON.stringify(payload.toString())}}\n`,
};
