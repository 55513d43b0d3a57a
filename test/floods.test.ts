import { createServer } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Dialler } from "../bench/measure/dialler.ts";
import { Envelope } from "../bench/payloads/envelope.ts";
import { Recorder, Subscriber } from "../bench/measure/recorder.ts";
import { subscribe } from "../bench/processes/connect-to-target.ts";
import { initWebAssemblySync } from "../bench/results/hdr-histogram.ts";
import { admittedTarget } from "../bench/settings/target.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import type { ReadChunk } from "../transports/transport.ts";
import { PlainServer } from "./plain-server.ts";
import { answeringHttp2, frameOf, headOf, settled } from "./http2-frames.ts";
import { answering, subscribe as tryToSubscribe } from "./try-client.ts";
import { chunked, framed, textFrame, upgraded } from "./wire-bytes.ts";

// A server that sends more than anybody had sent up would keep each process that measures from ever answering.

const eventHead =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const lineHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const hello = chunked("event: hello\ndata: 0\n\n");
const poll = (cursor: number, body: string): string =>
  `HTTP/1.1 200 OK\r\nCursor: ${cursor}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const messages = 20_000;

/** By variant, what goes on after a hello, whatever the client says. */
const floods: Readonly<Record<string, (socket: Socket) => void>> = {
  websocket: answering((socket, request, number) => {
    if (number > 0) return;
    socket.write(Buffer.concat([Buffer.from(upgraded(request)), textFrame("0")]));
    floodWith(socket, textFrame("x"));
  }),
  tcp: (socket) => {
    socket.resume().write(framed("0"));
    floodWith(socket, framed(""));
  },
  sse: answering((socket) => {
    socket.write(eventHead + hello);
    floodWith(socket, Buffer.from(chunked("data: x\n\n")));
  }),
  streaming: answering((socket) => {
    socket.write(lineHead + chunked('{"hello":0}\n'));
    floodWith(socket, Buffer.from(chunked('{"data":"x"}\n')));
  }),
  "long-polling": answering((socket, request, number) => {
    const isFirst = !request.includes("after=");
    socket.write(isFirst ? poll(0, "") : poll(number * messages, "1\nx".repeat(messages)));
  }),
};

/** The same over HTTP/2. */
const http2Floods: typeof floods = {
  "sse+h2c": overHttp2((stream) => {
    stream.respond({ "content-type": "text/event-stream" });
    stream.write("event: hello\ndata: 0\n\n");
    floodWith(stream, Buffer.from("data: x\n\n"));
  }),
  "streaming+h2c": overHttp2((stream) => {
    stream.respond();
    stream.write('{"hello":0}\n');
    floodWith(stream, Buffer.from('{"data":"x"}\n'));
  }),
  "long-polling+h2c": overHttp2((stream, path) => {
    const isFirst = !path.includes("after=");
    const cursor = isFirst ? 0 : Number(/after=(\d+)/.exec(path)?.[1]) + messages;
    stream.respond({ cursor });
    stream.end(isFirst ? "" : "1\nx".repeat(messages));
  }),
};

function overHttp2(
  answer: (stream: ServerHttp2Stream, path: string) => void,
): (socket: Socket) => void {
  return (socket) => {
    const server = createServer();
    server.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      answer(stream, headers[":path"] ?? "");
    });
    server.emit("connection", socket);
  };
}

/** Writes a lot of it, for as long as somebody reads. */
function floodWith(socket: Writable, one: Buffer): void {
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => one));
  const write = (): void => {
    if (!socket.destroyed && socket.write(many)) setImmediate(write);
  };
  socket.on("drain", write);
  write();
}

const told = "more than 10000 messages within a second that nobody had sent";

/** Read in another way. */
const lean = ["websocket", "sse"].flatMap((name) =>
  Object.entries(floods)
    .filter(([variant]) => variant === name)
    .map(([, behave]) => [`${name}:lean`, behave] as const),
);

const all = [...Object.entries({ ...floods, ...http2Floods }), ...lean];

describe.each(all)("a flood of messages by %s", (variant, behave) => {
  const { bound } = parseVariant(variant);
  let recorder: Recorder;

  beforeEach(() => {
    initWebAssemblySync();
    recorder = new Recorder(new Envelope(64, 7), 0);
  });
  afterEach(() => recorder[Symbol.dispose]());

  it("ends a client that is measured", async () => {
    await using server = await PlainServer.open(behave);
    const dialler = new Dialler("127.0.0.1", server.port);
    const subscriber = new Subscriber(recorder, 1, (why) => dialler.fail(why));
    const ended = new Promise<string>((resolve) => {
      subscriber.closed = resolve;
    });
    await using connection = await bound.connect(
      {
        url: new URL("http://localhost"),
        channel: "all",
        phase: 0,
        dial: (read?: ReadChunk) => dialler.dial(read),
      },
      subscriber,
    );
    expect(await ended).toBe(told);
    expect(connection.cursor).toBeGreaterThanOrEqual(0);
    await server.abandoned();
  });

  it("ends what publishes", async () => {
    await using server = await PlainServer.open(behave);
    const address = "127.0.0.1";
    const url = `http://${address}:${server.port}`;
    const target = await admittedTarget(url, { kind: "unknown" }, []);
    let tell = (_why: string): void => {};
    const ended = new Promise<string>((resolve) => (tell = resolve));
    await using connection = await subscribe(bound, { target, address, tls: null }, null, {
      takesBack: () => false,
      closed: tell,
    });
    expect(await ended).toBe(told);
    expect(connection.cursor).toBeGreaterThanOrEqual(0);
    await server.abandoned();
  });
});

describe("a flood over HTTP/2 of", () => {
  const hello = Buffer.concat([
    headOf(1, { ":status": "200", "content-type": "text/event-stream" }),
    frameOf("data", 1, "event: hello\ndata: 0\n\n"),
  ]);
  const nothing = Buffer.alloc(0);

  it.each([
    ["pings", hello, frameOf("ping", 0, Buffer.alloc(8)), "more frames than can be answered"],
    ["settings", hello, frameOf("settings", 0), "more frames than can be answered"],
    [
      "frames that have no answer",
      hello,
      frameOf("altsvc", 0, Buffer.from([0, 1, 97, 98])),
      "more than 10000 frames within a second that bring no answer",
    ],
    [
      "interim answers",
      nothing,
      headOf(1, { ":status": "103" }),
      "more than 1000 interim answers to a request",
    ],
  ])("%s ends a client, which says so", async (_what, first, one, told) => {
    await using server = await PlainServer.open(
      answeringHttp2((socket) => {
        socket.write(Buffer.concat([settled, first]));
        floodWith(socket, one);
      }),
    );
    await using client = await tryToSubscribe("sse+h2c", server.port);
    if (client.failure === null) {
      await client.seen.changes.until(() => client.seen.endings.length > 0);
    }
    expect(client.failure ?? client.seen.endings[0]).toContain(told);
  });
});
