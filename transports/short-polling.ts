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
import type { Target } from "./transport.ts";
import { postsBeside } from "./wire-form.ts";

/** Asks every `intervalMs` for what is new since the last answer. */
export const shortPolling: AnyTransport = defineTransport({
  name: "short-polling",
  title: "short polling",
  aliases: ["polling", "poll"],
  summary: "GET with a cursor at a fixed interval, over kept-alive connections",
  delivery: "pull",
  binary: true,
  layers: [...contentLayers, ...http2Layers, "keepalive", "headers", ...guardLayers],
  layersWithout: { fetch: [...http2Layers, "keepalive", "headers"], ...layersWithoutInBrowser },
  inBrowser: browserClients,
  options: z.strictObject({
    intervalMs: duration(1, 3_600_000).default(1_000),
    ...logOptions,
  }),
  shorthand: "intervalMs",
  heartbeat: "intervalMs",
  idleCycleMs: (options) => options.intervalMs,
  polling: { path: pollPath, intervalMs: (options) => options.intervalMs },
  theory: ({ intervalMs }, layers, client) =>
    isHttp2(layers)
      ? compressedHeads
      : pollingTheory(keptFor(keepAliveMs(intervalMs), layers), layers, client),
  classify: classifyPoll,
  wireForm: () => postsBeside("/poll"),
  serve(listener, handlers, options, layers) {
    const hold = { holdMs: 0, keepAliveMs: keepAliveMs(options.intervalMs) };
    return servePolls(listener, handlers, { ...options, ...hold }, layers);
  },
  clients: {
    default: (target, handlers, options, layers) =>
      connectPolling(target, handlers, pollingOptions(target, options, layers)),
    fetch: (target, handlers, options, layers) =>
      connectFetchPolling(target, handlers, pollingOptions(target, options, layers)),
    ...connectInPage(({ intervalMs }: Options, { phase }) => ({
      kind: "polls" as const,
      intervalMs,
      phase,
    })),
  },
  prepare: preparePolling,
});

function pollingOptions(
  { phase }: Target,
  { intervalMs, logBytes }: Options,
  layers: Layers,
): PollingOptions {
  const timer = everyInterval(intervalMs, phase);
  const kept = keptFor(keepAliveMs(intervalMs), layers);
  return { timer, logBytes, keepAliveMs: kept, coding: codingOf(layers) };
}

interface Options extends LogOptions {
  readonly intervalMs: number;
}

/** Longer than the interval, or every poll would open a connection of its own. */
function keepAliveMs(intervalMs: number): number {
  return 2 * intervalMs + 5_000;
}

/**
 * Polls on a fixed grid, so that slow answers and late timers don't stretch the interval. A poll that
 * would overlap the one before is left out. The clock only keeps the grid; nothing is measured by it.
 */
function everyInterval(intervalMs: number, phase: number): PollTimer {
  const first = performance.now() + phase * intervalMs;
  let beat = -1;
  return {
    next(poll) {
      const now = performance.now();
      // A timer may fire a little early; the beat that it was for is over all the same.
      beat = Math.max(beat + 1, Math.ceil((now - first) / intervalMs));
      const timer = setTimeout(poll, first + beat * intervalMs - now);
      return () => clearTimeout(timer);
    },
  };
}
