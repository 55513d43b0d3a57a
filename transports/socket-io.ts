import * as z from "zod";
import { logOptions } from "./channels.ts";
import { defineTransport } from "./define-transport.ts";
import type { AnyTransport } from "./define-transport.ts";
import { guardLayers } from "./layers.ts";
import { duration, flag, oneOf } from "./option-values.ts";
import { adapterPackages } from "./socket-io-adapters.ts";
import { connectSocketIo } from "./socket-io-client.ts";
import { loadClientPackage, loadServerPackage, packagesFor, path } from "./socket-io-packages.ts";
import { serveSocketIo } from "./socket-io-server.ts";
import { socketIoTheory } from "./theory.ts";
import type { WireForm } from "./wire-form.ts";

/*
 * Socket.IO as its users have it: the packages `socket.io` and `socket.io-client`, with what they put on the wire
 * (socket.io-protocol 5 on engine.io-protocol 4). On it, in the default namespace:
 *
 *   up:   auth {"channel": "all", "after": 12}   with the packet CONNECT; `after` to resume after message 12
 *   down: event `hello`, 12                       the first event: message 13 comes next
 *         event `m`, payload                      a message, in order; each counts one up
 *   up:   event `m`, payload                      a message; with `ack`, the server acknowledges each
 *
 * Payloads are strings; with `msgpack`, binary. A hello with a higher number than was asked for means a gap. With
 * `recovery`, a client also sends the `pid` and `offset` of the session before, and gets the missed messages from
 * Socket.IO's own memory of it, before the hello; where that has no such session, as above.
 */

/** Socket.IO 4, both ends from npm. */
export const socketIo: AnyTransport = defineTransport({
  name: "socket.io",
  title: "Socket.IO",
  layers: guardLayers,
  summary: "Socket.IO 4: polling that is upgraded to WebSocket, or one of the two",
  onlyWhenNamed: true,
  delivery: ({ transports }) => (transports === "polling" ? "pull" : "push"),
  packages: packagesFor,
  libraryBus(bus, { recovery }) {
    if (bus === "redis-streams") return { packages: [adapterPackages[bus]] };
    if (bus !== "redis") return null;
    return recovery
      ? {
          refusal: `${adapterPackages[bus]} has no recovery: use redis-streams, or leave out +recovery`,
        }
      : { packages: [adapterPackages[bus]] };
  },
  options: z
    .strictObject({
      transports: oneOf("upgrade", "websocket", "polling").default("upgrade"),
      heartbeatMs: duration(1, 3_600_000).default(25_000),
      agent: oneOf("keep-alive", "none").default("keep-alive"),
      ack: flag.default(false),
      msgpack: flag.default(false),
      recovery: flag.default(false),
      /** What becomes of a client that doesn't read: its connection ends once it is behind the log, or nothing. */
      slow: oneOf("close", "buffer").default("close"),
      ...logOptions,
    })
    .refine(({ transports, agent }) => transports !== "websocket" || agent !== "none", {
      error: "+agent=none is how polls are sent, and @websocket has none",
      path: [],
    }),
  shorthand: "transports",
  heartbeat: "heartbeatMs",
  idleCycleMs: (options) => options.heartbeatMs,
  theory({ transports, msgpack, ack, recovery }) {
    if (transports === "polling") return "each poll has a time stamp of its own length";
    if (ack) return "the numbers of acknowledgements count up, and with them their length";
    if (recovery) return "each message carries an offset, whose length is random";
    return socketIoTheory({ isBinary: msgpack, isUpgraded: transports === "upgrade" });
  },
  wireForm: ({ transports, msgpack }) => (msgpack ? null : wireForms[transports]),
  prepareToServe: loadServerPackage,
  prepare: (_client, options) => loadClientPackage(options),
  serve: serveSocketIo,
  comesBack: ["default"],
  clients: { default: connectSocketIo },
});

const overWebSocket: WireForm = {
  ask: { method: "GET", path: `${path}?EIO=4&transport=websocket` },
  up: {
    by: "frames",
    greeting: { text: '40{"channel":"{channel}"}', answer: "42" },
    message: '42["m","{text}"]',
  },
};

/** One that can be upgraded may begin as a WebSocket, too. */
const wireForms: Readonly<Record<"upgrade" | "websocket" | "polling", WireForm>> = {
  upgrade: overWebSocket,
  websocket: overWebSocket,
  polling: {
    ask: { method: "GET", path: `${path}?EIO=4&transport=polling` },
    up: {
      by: "posts",
      path: `${path}?EIO=4&transport=polling&sid={session}`,
      session: '"sid":"([^"]+)"',
      // A pong, which the server takes without an answer.
      message: "3{text}",
    },
  },
};
