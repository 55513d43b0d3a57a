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
}

/** What the harness's own load process is to come to, at least, beside a bare one. */
export const loadAim: Aim = { atLeast: 0.85 };

const pushed = { channels: "shared", from: "server", ratePerSecond: 100, isPolled: false } as const;
/** So few that both sides together leave a server time: who lags gets more with each answer, and cheaper. */
const polled = { ...pushed, ratePerSecond: 50, isPolled: true } as const;
const webSocket = { variant: "websocket", library: "websocket" } as const;

export const loads: readonly Load[] = [
  { ...pushed, ...webSocket, name: "WebSocket push, 10 000/s" },
  { ...pushed, ...webSocket, name: "WebSocket push, 40 000/s", ratePerSecond: 400 },
  {
    ...webSocket,
    name: "WebSocket echo, 20 000/s",
    channels: "own",
    ratePerSecond: 200,
    from: "clients",
    isPolled: false,
  },
  { ...pushed, name: "SSE push, 10 000/s", variant: "sse", library: "sse" },
  { ...pushed, name: "streaming push, 10 000/s", variant: "streaming", library: "lines" },
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
