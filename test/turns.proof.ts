import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { CountedListener } from "../bench/measure/listener.ts";
import { encodeFrame } from "../transports/frames.ts";
import { tcp } from "../transports/tcp.ts";
import { websocket } from "../transports/websocket.ts";
import { Stranger, besideAlice, edges, requestOf, upgrade, withPost } from "./stranger.ts";
import { extendedConnect, http2Frame } from "./wire-bytes.ts";

// A client that sends more than can be handled gets its turn of the event loop, and all others theirs.

/** A message that takes its server a while, as one does that goes on to many. */
const handlingMs = 0.02;

/** The most messages that a turn brought, of what a client has sent at once. */
async function mostInATurn(
  { transport, options }: Pick<(typeof edges)[number], "transport" | "options">,
  sent: Buffer,
  messages: number,
): Promise<number> {
  const handled = { messages: 0 };
  await using listener = await CountedListener.open(["127.0.0.1"], {
    isHttp2: "h2c" in options,
  });
  await using server = transport.configure("default", options).serve(listener, {
    message() {
      handled.messages += 1;
      const endMs = performance.now() + handlingMs;
      while (performance.now() < endMs);
    },
  });
  server.publish("other", Buffer.from("it serves"));
  const client = connect(listener.port, "127.0.0.1").resume();
  client.write(sent);
  let most = 0;
  for (let before = 0; handled.messages < messages; before = handled.messages) {
    await new Promise(setImmediate);
    most = Math.max(most, handled.messages - before);
  }
  client.destroy();
  await once(client, "close");
  return most;
}

/** RFC 6455, section 5.2: the masked frame of a one-byte message. */
const oneByte = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 120]);

it.each([
  {
    name: "tcp",
    transport: tcp,
    options: {},
    opening: encodeFrame(Buffer.from("all")),
    message: encodeFrame(Buffer.from("x")),
    messages: 20_000,
  },
  {
    name: "websocket",
    transport: websocket,
    options: {},
    opening: Buffer.from(requestOf("GET", "/ws/all", upgrade)),
    message: oneByte,
    messages: 20_000,
  },
  {
    name: "websocket+h2c, in a frame each",
    transport: websocket,
    options: { h2c: true },
    opening: extendedConnect("/ws/all"),
    message: http2Frame("data", oneByte),
    // As many as the window of a stream has room for.
    messages: 9_000,
  },
])("one-byte messages over $name are handled some at a time", async (flood) => {
  const { transport, options, opening, message, messages } = flood;
  const sent = Buffer.concat([opening, Buffer.alloc(messages * message.length, message)]);
  // What 64 KiB hold, which are read at once, are 9 000 and more.
  expect(await mostInATurn({ transport, options }, sent, messages)).toBeLessThan(4_000);
});

it.each(withPost)(
  "requests in a line are answered a few at a time over $transport.name",
  async (edge) => {
    const request = `${requestOf("POST", "/send/all", { "Content-Length": "1" })}x`;
    // What was read in a turn, and what has waited for it.
    expect(await mostInATurn(edge, Buffer.from(request.repeat(90)), 90)).toBeLessThanOrEqual(34);
  },
);

describe.each(edges)("the server of $transport.name", (edge) => {
  it("reads little of the requests in a line of many clients", async () => {
    const clients = 20;
    await besideAlice(edge, async (link) => {
      let requests = 0;
      link.listener.http.on("request", () => (requests += 1));
      const strangers = Array.from({ length: clients }, () => new Stranger(link));
      await Promise.all(strangers.map((stranger) => stranger.connected()));
      const line = requestOf("GET", "/nowhere", {}).repeat(3_000);
      for (const stranger of strangers) stranger.write(line);
      await Promise.all(strangers.map((stranger) => stranger.ended()));
      // Of each what is read at once, 64 KiB, would be 1 400 of them.
      expect(requests).toBeLessThan(clients * 400);
    });
  });

  it("ends a client whose body never ends, and that nobody wants", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("POST", "/nowhere", { "Transfer-Encoding": "chunked" });
      const mebibyte = `100000\r\n${"x".repeat(1_048_576)}\r\n`;
      for (let count = 0; count < 20; count += 1) stranger.write(mebibyte);
      await stranger.ended();
    });
  });
});

it.each(withPost)(
  "a body in one-byte chunks is read in turns over $transport.name",
  async (edge) => {
    await besideAlice(edge, async (link) => {
      const chunks = 150_000;
      const got = { pieces: 0 };
      link.listener.http.on("request", (request) => {
        if (request.method === "POST") request.on("data", () => (got.pieces += 1));
      });
      const stranger = new Stranger(link);
      await stranger.connected();
      stranger.head("POST", "/send/all", { "Transfer-Encoding": "chunked" });
      stranger.write(`${"1\r\nx\r\n".repeat(chunks)}0\r\n\r\n`);
      let most = 0;
      for (let before = 0; got.pieces < chunks; before = got.pieces) {
        await new Promise(setImmediate);
        most = Math.max(most, got.pieces - before);
      }
      // What was read before it was known of, which is 64 KiB, and a turn.
      expect(most).toBeLessThan(40_000);
      await stranger.until(/^HTTP\/1.1 204/);
      expect(link.upstream.map(({ payload }) => payload.length)).toEqual([chunks]);
      await stranger.reset();
    });
  },
);

it("a handshake and the messages behind it arrive whole while requests are read in turns", async () => {
  const edge = edges.at(-1);
  if (edge === undefined) throw new Error("WebSocket is the last");
  await besideAlice(edge, async (link) => {
    const unruly = new Stranger(link);
    unruly.write(requestOf("GET", "/nowhere", {}).repeat(200));
    await unruly.ended();

    const stranger = new Stranger(link);
    const sent = Array.from({ length: 5_000 }, (_, index) => String(index % 10));
    // RFC 6455, section 5.2: masked frames of one byte, with a mask of zeros.
    const frames = sent.map((digit) => [0x81, 0x81, 0, 0, 0, 0, digit.charCodeAt(0)]);
    stranger.head("GET", "/ws/all", upgrade, Buffer.from(frames.flat()));
    await link.upstreamChanges.until(() => link.upstream.length === sent.length);
    expect(link.upstream.map(({ payload }) => payload)).toEqual(sent);
    await stranger.reset();
  });
});

it.each(withPost)(
  "requests in a line that expect too much wait for their turn over $transport.name",
  async (edge) => {
    await besideAlice(edge, async (link) => {
      const unruly = new Stranger(link);
      unruly.write(requestOf("GET", "/nowhere", {}).repeat(200));
      await unruly.ended();

      const { path, headers } = edge.resume("0");
      const accepted = once(link.listener.http, "connection");
      const stranger = new Stranger(link);
      const [socket] = await accepted;
      // Their answers wait for that of the first, which the push transports never end.
      const refused = requestOf("GET", "/nowhere", { Expect: "nonsense" });
      stranger.write(requestOf("GET", path, headers) + refused.repeat(5_000));
      for (let turn = 0; turn < 100 && !socket.destroyed; turn += 1)
        await new Promise(setImmediate);
      await stranger.reset();
    });
  },
);
