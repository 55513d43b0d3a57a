import type { Library } from "./protocol.ts";
import type { Aim } from "./contest.ts";

/** A load under which both sides do the same work. */
export interface Load {
  readonly name: string;
  readonly variant: string;
  readonly library: Library;
  readonly channels: "shared" | "own";
  /** Messages per second, of the server or of each client. */
  readonly ratePerSecond: number;
  readonly from: "server" | "clients";
}

/** What the harness's own load process is to come to, at least, beside a bare one. */
export const loadAim: Aim = { atLeast: 0.85 };

const pushed = { channels: "shared", from: "server", ratePerSecond: 100 } as const;
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
  },
  { ...pushed, name: "SSE push, 10 000/s", variant: "sse", library: "sse" },
  {
    ...pushed,
    name: "long polls, 10 000/s",
    variant: "long-polling",
    library: "polls-at-once",
  },
  {
    ...pushed,
    name: "short polls, 10 000/s",
    variant: "short-polling@10ms",
    library: "polls-every-10ms",
  },
];
