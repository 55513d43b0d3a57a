import { longPolling } from "./long-polling.ts";
import { openai } from "./openai.ts";
import { shortPolling } from "./short-polling.ts";
import { socketIo } from "./socket-io.ts";
import { sse } from "./sse.ts";
import { streaming } from "./streaming.ts";
import { tcp } from "./tcp.ts";
import type { AnyTransport } from "./define-transport.ts";
import { websocket } from "./websocket.ts";

/** Every transport, in the order in which they are shown. */
export const transports: readonly AnyTransport[] = [
  shortPolling,
  longPolling,
  sse,
  streaming,
  websocket,
  socketIo,
  tcp,
];

/** Those of which only somebody else has servers. */
export const clientTransports: readonly AnyTransport[] = [openai];
