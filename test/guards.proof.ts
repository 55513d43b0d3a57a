import { refusesIntruders } from "./guards-trial.ts";

const variants = [
  "short-polling@20ms",
  "long-polling",
  "long-polling+gzip",
  "sse+tls",
  "sse:eventsource",
  "streaming",
  "streaming+method=post",
  "websocket+tls",
  "websocket+deflate",
  "socket.io",
  "socket.io@websocket",
  "socket.io@polling",
];
for (const variant of variants) refusesIntruders(variant);
