import * as z from "zod";
import { logOptions } from "./channels.ts";
import { loadHttpClient } from "./http-client.ts";
import { http2Layers, isHttp2 } from "./layers.ts";
import { duration } from "./option-values.ts";
import { classifyPoll } from "./classify-polls.ts";
import { connectPolling } from "./polling-client.ts";
import type { PollTimer } from "./polling-client.ts";
import { pollPath } from "./polling-format.ts";
import { servePolls } from "./polling-server.ts";
import { pollingTheory } from "./theory.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";

/** Asks every `intervalMs` for what is new since the last answer. */
export const shortPolling: AnyTransport = defineTransport({
  name: "short-polling",
  title: "short polling",
  aliases: ["polling", "poll"],
  summary: "GET with a cursor at a fixed interval, over kept-alive connections",
  delivery: "pull",
  options: z.strictObject({
    intervalMs: duration(1, 3_600_000).default(1_000),
    ...logOptions,
  }),
  shorthand: "intervalMs",
  idleCycleMs: (options) => options.intervalMs,
  polling: { path: pollPath, intervalMs: (options) => options.intervalMs },
  theory: ({ intervalMs }, layers) =>
    isHttp2(layers) ? null : pollingTheory(keepAliveMs(intervalMs)),
  classify: classifyPoll,
  serve: (listener, handlers, options) =>
    servePolls(listener, handlers, {
      ...options,
      holdMs: 0,
      keepAliveMs: keepAliveMs(options.intervalMs),
    }),
  clients: {
    default: (target, handlers, { intervalMs, logBytes }) =>
      connectPolling(target, handlers, {
        timer: everyInterval(intervalMs, target.phase),
        logBytes,
        keepAliveMs: keepAliveMs(intervalMs),
      }),
  },
  layers: http2Layers,
  prepare: (_client, layers) => loadHttpClient(isHttp2(layers)),
});

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
