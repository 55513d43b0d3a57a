import type { SendRequest } from "../../bench/processes/protocol.ts";
import type { Library } from "./protocol.ts";
import type { Aim } from "./contest.ts";

/** How many messages are sent in a second, and for how long. */
export type Plan = Pick<SendRequest, "ratePerSecond" | "forMs">;

/** A load under which both sides do the same work. */
export interface Load {
  readonly name: string;
  readonly variant: string;
  readonly library: Library;
  readonly channels: "shared" | "own";
  /** Messages per second, of the server or of each client. */
  readonly ratePerSecond: number;
  readonly from: "server" | "clients";
  /** Whether there is a poll for each message, unless somebody lags. */
  readonly isPolled: boolean;
  /** Messages per second at first: code is compiled by work, and not by time. */
  readonly warmUpPerSecond: number;
  /** What the harness's own load process is to come to beside a bare one. */
  readonly aim: Aim;
}

const pushed = {
  channels: "shared",
  from: "server",
  ratePerSecond: 100,
  isPolled: false,
  warmUpPerSecond: 400,
  aim: { atLeast: 0.85 },
} as const;
/** So few that both sides together leave a server time: who lags gets more with each answer, and cheaper. */
const polled = { ...pushed, ratePerSecond: 50, isPolled: true, warmUpPerSecond: 100 } as const;
const layered = { ...pushed, aim: { atLeast: 0.9 } } as const;
const webSocket = { variant: "websocket", library: "websocket" } as const;
/** So many that what the load process does once in a while, and a bare one never, is lost in it. */
const lean = { ...pushed, ratePerSecond: 400 } as const;

export const loads: readonly Load[] = [
  { ...pushed, ...webSocket, name: "WebSocket push, 10 000/s" },
  { ...pushed, ...webSocket, name: "WebSocket push, 40 000/s", ratePerSecond: 400 },
  {
    ...pushed,
    ...webSocket,
    name: "WebSocket echo, 20 000/s",
    channels: "own",
    ratePerSecond: 200,
    from: "clients",
  },
  { ...pushed, name: "SSE push, 10 000/s", variant: "sse", library: "sse" },
  {
    ...lean,
    name: "websocket:lean push, 40 000/s",
    variant: "websocket:lean",
    library: "websocket",
    aim: { atLeast: 1.3 },
  },
  {
    ...lean,
    name: "sse:lean push, 40 000/s",
    variant: "sse:lean",
    library: "sse",
    aim: { atLeast: 1.5 },
  },
  { ...layered, name: "streaming push, 10 000/s", variant: "streaming", library: "lines" },
  {
    ...layered,
    name: "WebSocket push +tls, 10 000/s",
    variant: "websocket+tls",
    library: "websocket",
  },
  { ...layered, name: "SSE push +h2, 10 000/s", variant: "sse+h2", library: "sse-http2" },
  {
    ...layered,
    name: "WebSocket push +deflate, 5 000/s",
    variant: "websocket+deflate",
    library: "websocket-deflate",
    // Each message is compressed for each client.
    ratePerSecond: 50,
    warmUpPerSecond: 100,
  },
  {
    ...polled,
    name: "long polls, 5 000/s",
    variant: "long-polling",
    library: "polls-at-once",
  },
  {
    ...polled,
    name: "short polls, 5 000/s",
    variant: "short-polling@20ms",
    library: "polls-every-20ms",
  },
];
