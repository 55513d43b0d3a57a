import { survivesRestarts } from "./restart-trial.ts";

const streams = [
  "tcp",
  "sse",
  "sse:eventsource",
  "sse+tls",
  "sse+h2",
  "sse+gzip",
  "sse+batch=5ms",
  "streaming",
  "websocket:undici",
  "websocket+tls",
  "websocket+deflate",
  "websocket+h2",
  "socket.io@websocket",
  "socket.io@websocket+recovery",
];
for (const variant of streams) survivesRestarts(variant);

for (const variant of ["short-polling@20ms", "long-polling+tls"]) {
  survivesRestarts(variant, { polls: true });
}
