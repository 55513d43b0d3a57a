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

/** Asks for what is new, is held until there is something, and asks again at once. */
export const longPolling: AnyTransport = defineTransport({
  name: "long-polling",
  title: "long polling",
  aliases: ["long-poll"],
  summary: "GET with a cursor that the server holds until there is a message",
  delivery: "pull",
  options: z.strictObject({
    holdMs: duration(1, 3_600_000).default(25_000),
    ...logOptions,
  }),
  shorthand: "holdMs",
  idleCycleMs: (options) => options.holdMs,
  polling: {
    path: (channel, cursor) => `${pollPath(channel, cursor)}&wait=0`,
    intervalMs: () => null,
  },
  theory: (_options, layers) => (isHttp2(layers) ? null : pollingTheory(keepAliveMs)),
  classify: classifyPoll,
  serve: (listener, handlers, options) =>
    servePolls(listener, handlers, { ...options, keepAliveMs }),
  clients: {
    default: (target, handlers, { logBytes }) =>
      connectPolling(target, handlers, { timer: atOnce, logBytes, keepAliveMs, isHeld: true }),
  },
  layers: http2Layers,
  prepare: (_client, layers) => loadHttpClient(isHttp2(layers)),
});

/** The connection is only unused between an answer and the next poll. */
const keepAliveMs = 60_000;

const atOnce: PollTimer = {
  next(poll) {
    poll();
    return () => {};
  },
};
