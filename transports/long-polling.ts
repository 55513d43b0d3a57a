import * as z from "zod";
import { browserClients, connectInPage, layersWithoutInBrowser } from "./browser/in-page.ts";
import { logOptions } from "./channels.ts";
import type { LogOptions } from "./channels.ts";
import { codingOf } from "./content-coding.ts";
import { keptFor } from "./http-client.ts";
import { contentLayers, guardLayers, http2Layers, isHttp2 } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { duration } from "./option-values.ts";
import { classifyPoll } from "./classify-polls.ts";
import { connectPolling } from "./polling-client.ts";
import { connectFetchPolling, preparePolling } from "./polling-fetch.ts";
import type { PollTimer, PollingOptions } from "./polling-client.ts";
import { pollPath } from "./polling-format.ts";
import { servePolls } from "./polling-server.ts";
import { compressedHeads, pollingTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import { postsBeside } from "./wire-form.ts";

/** Asks for what is new, is held until there is something, and asks again at once. */
export const longPolling: AnyTransport = defineTransport({
  name: "long-polling",
  title: "long polling",
  aliases: ["long-poll"],
  summary: "GET with a cursor that the server holds until there is a message",
  delivery: "pull",
  binary: true,
  layers: [...contentLayers, ...http2Layers, "keepalive", "headers", ...guardLayers],
  layersWithout: { fetch: [...http2Layers, "keepalive", "headers"], ...layersWithoutInBrowser },
  inBrowser: browserClients,
  options: z.strictObject({
    holdMs: duration(1, 3_600_000).default(25_000),
    ...logOptions,
  }),
  shorthand: "holdMs",
  heartbeat: "holdMs",
  idleCycleMs: (options) => options.holdMs,
  polling: {
    path: (channel, cursor) => `${pollPath(channel, cursor)}&wait=0`,
    intervalMs: () => null,
  },
  theory: (_options, layers, client) =>
    isHttp2(layers) ? compressedHeads : pollingTheory(keptFor(keepAliveMs, layers), layers, client),
  classify: classifyPoll,
  wireForm: () => postsBeside("/poll"),
  serve: (listener, handlers, options, layers) =>
    servePolls(listener, handlers, { ...options, keepAliveMs }, layers),
  clients: {
    default: (target, handlers, options, layers) =>
      connectPolling(target, handlers, pollingOptions(options, layers)),
    fetch: (target, handlers, options, layers) =>
      connectFetchPolling(target, handlers, pollingOptions(options, layers)),
    ...connectInPage(() => ({ kind: "polls" as const })),
  },
  prepare: preparePolling,
});

function pollingOptions({ logBytes }: LogOptions, layers: Layers): PollingOptions {
  const kept = keptFor(keepAliveMs, layers);
  return { timer: atOnce, logBytes, keepAliveMs: kept, isHeld: true, coding: codingOf(layers) };
}

/** The connection is only unused between an answer and the next poll. */
const keepAliveMs = 60_000;

const atOnce: PollTimer = {
  next(poll) {
    poll();
    return () => {};
  },
};
