import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { clientTransports, transports } from "../../transports/index.ts";
import { optionName, parseVariant, recordedVariant } from "./variant.ts";

describe("a variant", () => {
  it.each([
    ["sse", "sse", "default", { heartbeatMs: 15_000 }],
    ["sse:eventsource", "sse", "eventsource", { heartbeatMs: 15_000 }],
    ["short-polling@250ms", "short-polling", "default", { intervalMs: 250 }],
    ["long-polling:default@2s", "long-polling", "default", { holdMs: 2_000 }],
    ["websocket+heartbeat=5s", "websocket", "default", { heartbeatMs: 5_000 }],
    [
      "sse:eventsource@1m+logMessages=7+logBytes=4KiB",
      "sse",
      "eventsource",
      {
        heartbeatMs: 60_000,
        logMessages: 7,
        logBytes: 4_096,
      },
    ],
    ["streaming:fetch+method=POST", "streaming", "fetch", { method: "post" }],
    ["socket.io@websocket+ack", "socket.io", "default", { transports: "websocket", ack: true }],
    [
      "websocket+payloadBytes=64KiB+perAddress=20+perSecond=50+token=s.e-c/r=+request=5s+idle=30s",
      "websocket",
      "default",
      {
        payloadBytes: 65_536,
        perAddress: 20,
        perSecond: 50,
        token: "s.e-c/r=",
        requestMs: 5_000,
        idleMs: 30_000,
      },
    ],
    [
      "sse:fetch+origins=https://app.example http://[::1]:8080",
      "sse",
      "fetch",
      { origins: ["https://app.example", "http://[::1]:8080"] },
    ],
    ["short-polling@1.5s", "short-polling", "default", { intervalMs: 1_500 }],
  ])("reads %s", (text, transport, client, options) => {
    const variant = parseVariant(text);
    expect(variant).toMatchObject({ name: text, transport, client });
    expect(variant.bound.options).toMatchObject(options);
  });

  it("fills in every option that isn't given", () => {
    expect(parseVariant("websocket").bound.options).toEqual({
      heartbeatMs: 30_000,
      logMessages: 20_000,
      logBytes: 33_554_432,
      slow: "close",
      slowBytes: 1_073_741_824,
    });
  });

  it("is a reference when its transport is the floor under all others", () => {
    expect(parseVariant("tcp").reference).toBe(true);
    expect(parseVariant("websocket").reference).toBe(false);
  });

  it("is named without the blanks around it", () => {
    expect(parseVariant("  sse ").name).toBe("sse");
  });

  it.each([
    ["ws", "websocket"],
    ["WebSocket", "websocket"],
    ["websockets@5s", "websocket@5s"],
    ["SSE", "sse"],
    ["EventSource", "sse"],
    ["server-sent-events", "sse"],
    ["Server_Sent_Events:EventSource@1m", "sse:eventsource@1m"],
    ["NDJSON", "streaming"],
    ["HTTP streaming@5s", "streaming@5s"],
    ["polling@250ms", "short-polling@250ms"],
    ["shortPolling+logMessages=7", "short-polling+logMessages=7"],
    ["longpolling", "long-polling"],
    ["long_polling", "long-polling"],
    ["TCP", "tcp"],
    ["Socket.IO@polling", "socket.io@polling"],
    ["socketio", "socket.io"],
  ])("called %s is recorded as %s", (called, name) => {
    expect(recordedVariant(parseVariant(called))).toEqual(recordedVariant(parseVariant(name)));
  });

  const known = `known are ${[...transports, ...clientTransports].map(({ name }) => name).join(", ")}`;
  it.each([
    ["wss", `unknown transport "wss"; WebSocket over TLS is an option: websocket+tls; ${known}`],
    ["SockJS", `unknown transport "SockJS"; SockJS is not supported yet; ${known}`],
    ["http/2", `unknown transport "http/2"; HTTP/2 is an option: sse+h2; ${known}`],
    ["grpc-web", `unknown transport "grpc-web"; gRPC is not supported yet; ${known}`],
    [
      "WebTransport",
      `unknown transport "WebTransport"; WebTransport is not supported yet; ${known}`,
    ],
    [
      "websocket+ssl",
      'websocket has no option "ssl"; TLS is an option: sse+tls; known are heartbeat, logMessages, logBytes, slow, slowBytes and 17 more (see npx transport-bench list)',
    ],
    ["websocket+resume", "websocket: +resume needs +tls"],
    [
      "socket.io@websocket+agent=none",
      "socket.io: +agent=none is how polls are sent, and @websocket has none",
    ],
    [
      "sse+proxy=Nginx",
      'sse option proxy: "Nginx" is not the name of a proxy, or nginx:corrected for one of its configurations',
    ],
    ["sse+proxy=nginx+h2c", "sse: +proxy speaks HTTP/2 over TLS with clients: by +h2"],
    [
      "sse+proxy=nginx+perAddress=5",
      "sse: behind +proxy, a server sees one address only, which +perAddress limits",
    ],
    ["sse+share=10", "sse: +share needs +h2 or +h2c"],
    ["sse+h2+share=1", 'sse option share: "1" is not a whole number from 2 to 1000'],
    ["sse+h2+share", 'sse option share: "true" is not a whole number from 2 to 1000'],
    ["sse+h2+h2c", "sse: +h2 is HTTP/2 over TLS, +h2c without it"],
    ["sse+tls+h2c", "sse: +h2c is HTTP/2 without TLS; +h2 is over TLS"],
    ["sse+tls=dsa", 'sse option tls: "dsa" is not ec (P-256) or rsa (2048 bits)'],
    ["sse+tls+resume=5", 'sse option resume: "5" is not an option without a value'],
    ["sse+tls+tls=rsa", "sse option tls is set twice"],
    [
      "tcp+h2",
      'tcp has no option "h2"; HTTP/2 is an option: sse+h2; known are logMessages, logBytes, tls, resume, batch',
    ],
    [
      "websocket:undici+h2",
      "websocket:undici can't have +h2; clients that can are default, browser, firefox",
    ],
    [
      "sse:eventsource+h2",
      "sse:eventsource can't have +h2; clients that can are default, browser, firefox",
    ],
    [
      "long-polling+keepalive=off+h2",
      "long-polling: +h2 keeps its connections: +keepalive=off is for HTTP/1.1",
    ],
    [
      "rfc8441",
      `unknown transport "rfc8441"; WebSocket over HTTP/2 is an option: websocket+h2; ${known}`,
    ],
    [
      "sse+deflate",
      'sse has no option "deflate"; permessage-deflate is an option: websocket+deflate; known are heartbeat, method, logMessages, logBytes, slow and 20 more (see npx transport-bench list)',
    ],
    [
      "ws+deflate=always",
      'websocket option deflate: "always" is not takeover (a message refers to those before it) or no-takeover (each stands by itself)',
    ],
    [
      "ws+deflate+threshold=0",
      "websocket: +threshold needs +deflate=no-takeover: with a history, ws compresses whatever its size",
    ],
    ["sse+gzip+br", "sse: +gzip and +br exclude each other"],
    ["long-polling+quality=5", "long-polling: +quality needs +gzip or +br"],
    ["sse+gzip+quality=10", "sse: +quality with +gzip is a whole number from 1 to 9, not 10"],
    ["sse+gzip+quality=0", "sse: +quality with +gzip is a whole number from 1 to 9, not 0"],
    ["sse+br+quality=12", 'sse option quality: "12" is not a whole number from 0 to 11'],
    [
      "websocket+gzip",
      'websocket has no option "gzip"; gzip is an option: sse+gzip; known are heartbeat, logMessages, logBytes, slow, slowBytes and 17 more (see npx transport-bench list)',
    ],
    [
      "ws+deflate=no-takeover+threshold=-1",
      'websocket option threshold: "-1" is not a size from 0 to 8388608 bytes, such as 256 or 4KiB',
    ],
    ["websockt", `unknown transport "websockt"; did you mean "websocket"? ${known}`],
    ["carrier-pigeon", `unknown transport "carrier-pigeon"; ${known}`],
    ["", `unknown transport ""; ${known}`],
    [
      "sse:eventsrc",
      'sse has no client "eventsrc"; did you mean "eventsource"? known are default, eventsource, fetch, undici, lean, browser, firefox',
    ],
    [
      "websocket:opera",
      'websocket has no client "opera"; known are default, undici, lean, browser, firefox',
    ],
    [
      "sse+heartbeet=5s",
      'sse has no option "heartbeet"; did you mean "heartbeat"? known are heartbeat, method, logMessages, logBytes, slow and 20 more (see npx transport-bench list)',
    ],
    [
      "short-polling@soon",
      'short-polling option interval: "soon" is not a duration from 1ms to 60m, such as 500ms or 10s',
    ],
    [
      "long-polling+hold=0ms",
      'long-polling option hold: "0ms" is not a duration from 1ms to 60m, such as 500ms or 10s',
    ],
    [
      "sse+origins=app.example",
      'sse option origins: "app.example" is not one or more origins such as http://app.example:8080, separated by spaces',
    ],
    [
      "socket.io+origins=https://a.example https://b.example/c",
      'socket.io option origins: "https://a.example https://b.example/c" is not one or more origins such as http://app.example:8080, separated by spaces',
    ],
    [
      "sse+token=schön",
      'sse option token: "schön" is not a token of letters, digits and -._~/ (RFC 6750, without +)',
    ],
    ["sse+perAddress=0", 'sse option perAddress: "0" is not a whole number from 1 to 1000000'],
    [
      "ws+request=0",
      'websocket option request: "0" is not a duration from 10ms to 60m, such as 500ms or 10s',
    ],
    [
      "sse+h2+share=2+perSecond=5",
      "sse: +perSecond is for a connection, which +share has several clients on",
    ],
    [
      "sse+h2+headers=browser+origins=http://127.0.0.1:10000",
      "sse: +headers=browser is that of a page of https://127.0.0.1:10000, which +origins has to name",
    ],
    [
      "tcp+token=abc",
      'tcp has no option "token"; known are logMessages, logBytes, tls, resume, batch',
    ],
    ["sse+logMessages", 'sse option logMessages: "true" is not a whole number from 1 to 10000000'],
    [
      "sse+logBytes=",
      'sse option logBytes: "" is not a size from 1 to 1073741824 bytes, such as 256 or 4KiB',
    ],
  ])("refuses %s and names what is allowed", (text, message) => {
    expect(() => parseVariant(text)).toThrow(new BenchError("usage", message));
  });

  it.each(["sse:", "sse@", "sse+", "sse::default", "sse@1s@2s", "sse+=", "sse+logMessages=5=6"])(
    "refuses %s, which says something that can't be meant",
    (text) => {
      expect(() => parseVariant(text)).toThrow(BenchError);
    },
  );

  it.each(["sse@1s+heartbeat=2s", "sse+logMessages=5+logMessages=6"])(
    "refuses %s, which sets an option twice",
    (text) => {
      expect(() => parseVariant(text)).toThrow(/twice/);
    },
  );
});

describe("the name of an option", () => {
  it.each([
    ["heartbeatMs", "heartbeat"],
    ["logBytes", "logBytes"],
  ])("of %s is %s", (key, name) => {
    expect(optionName(key)).toBe(name);
  });
});

it("refuses a variant whose name no results file takes", () => {
  expect(() => parseVariant(`websocket+heartbeat=${"0".repeat(200)}5s`)).toThrow(
    /^websocket\+heartbeat=0+…: a variant has at most 200 characters$/,
  );
});
