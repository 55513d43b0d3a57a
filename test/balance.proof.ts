import { describe } from "vitest";
import { deliversThrough, resumesThrough, restartsBehind, rollsBehind } from "./balanced-trial.ts";
import { balancers, isMissing } from "./requirements.ts";

const overHttp = [
  "short-polling@100ms",
  "short-polling@100ms+keepalive=off",
  "long-polling",
  "long-polling+keepalive=off",
  "sse",
  "sse+gzip",
  "streaming",
  "websocket",
  "websocket+deflate",
  "socket.io",
  "socket.io@polling",
  "socket.io@websocket",
];

const asBytes = [
  "tcp",
  "sse+tls",
  "long-polling+tls",
  "websocket+tls+resume",
  "socket.io@polling+tls",
  "sse+h2",
  "long-polling+h2c",
  "websocket+h2c+share=3",
];

describe.skipIf(isMissing(balancers)).each(["nginx", "haproxy"] as const)("%s", (balance) => {
  for (const name of overHttp) deliversThrough(balance, name);
  if (balance === "haproxy") for (const name of asBytes) deliversThrough(balance, name);
  for (const name of ["sse", "websocket", "long-polling", "short-polling@100ms", "socket.io"]) {
    resumesThrough(balance, name);
    restartsBehind(balance, name);
    rollsBehind(balance, name);
  }
});
