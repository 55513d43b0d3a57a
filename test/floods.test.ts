import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Dialler } from "../bench/measure/dialler.ts";
import { Envelope } from "../bench/payloads/envelope.ts";
import { Recorder, Subscriber } from "../bench/measure/recorder.ts";
import { subscribe } from "../bench/processes/connect-to-target.ts";
import { initWebAssemblySync } from "../bench/results/hdr-histogram.ts";
import { admittedTarget } from "../bench/settings/target.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { PlainServer } from "./plain-server.ts";
import { answering } from "./try-client.ts";
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

/** Writes a lot of it, for as long as somebody reads. */
function floodWith(socket: Socket, one: Buffer): void {
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => one));
  const write = (): void => {
    if (!socket.destroyed && socket.write(many)) setImmediate(write);
  };
  socket.on("drain", write);
  write();
}

const told = "more than 10000 messages within a second that nobody had sent";

describe.each(Object.entries(floods))("a flood of messages by %s", (variant, behave) => {
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
      { url: new URL("http://localhost"), channel: "all", phase: 0, dial: () => dialler.dial() },
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
