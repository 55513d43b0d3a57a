import { queuesOffline } from "./outage-trial.ts";

const variants = [
  "tcp",
  "short-polling@20ms",
  "short-polling@20ms+keepalive=off",
  "short-polling@20ms+h2",
  "long-polling",
  "long-polling+tls",
  "sse:eventsource",
  "sse+tls",
  "sse+h2",
  "sse+h2+share=3",
  "sse+gzip",
  "sse+batch=5ms",
  "streaming",
  "websocket",
  "websocket:undici",
  "websocket+tls",
  "websocket+deflate",
  "websocket+h2",
  "socket.io",
  "socket.io@websocket",
  "socket.io@websocket+recovery",
  "socket.io@polling",
];
for (const variant of variants) queuesOffline(variant);
