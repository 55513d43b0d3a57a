import { describe } from "vitest";
import { allowsNoTunnel, passesOn, squid } from "./forward-trial.ts";
import { isMissing } from "./requirements.ts";

const tunnelled = ["websocket", "websocket:undici", "sse+tls", "long-polling+tls", "websocket+h2"];

const requested = [
  "sse",
  "sse:lean",
  "sse:undici",
  "streaming",
  "long-polling",
  "short-polling@100ms",
  "socket.io",
  "socket.io@polling",
];

describe.skipIf(isMissing(squid))("a forward proxy", () => {
  for (const name of requested) {
    passesOn(`${name}+proxy=squid-forward`);
  }
  for (const name of ["sse", "long-polling"]) {
    passesOn(`${name}+headers=browser+proxy=squid-forward:corrected`);
  }
  for (const name of tunnelled) {
    passesOn(`${name}+proxy=squid-forward:corrected`);
    allowsNoTunnel(`${name}+proxy=squid-forward`);
  }
  for (const name of [...requested, ...tunnelled]) {
    passesOn(`${name}+proxy=squid-connect:corrected`);
    allowsNoTunnel(`${name}+proxy=squid-connect`);
  }
});
