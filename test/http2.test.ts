import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, constants, createServer } from "node:http2";
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  Http2Server,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
  Settings,
} from "node:http2";
import { describe, expect, it } from "vitest";
import { contractTests } from "../bench/conformance/contract.ts";
import { Link } from "../bench/conformance/link.ts";
import type { LinkedClient } from "../bench/conformance/link.ts";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";
import { maskedFrame, opcodes } from "../bench/measure/websocket-frames.ts";
import { recordBytes } from "../bench/layers/tls.ts";
import { Dialler, urlAt } from "../bench/measure/dialler.ts";
import { portOf } from "../bench/measure/listen.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import { sse } from "../transports/sse.ts";
import { layeredContracts, overHttp2, quick } from "./layered-variants.ts";
import type { Connection } from "../transports/transport.ts";
import type { WireBytes } from "../transports/wire-bytes.ts";
import { endStream, frameOf, headOf, preface, settled } from "./http2-frames.ts";
import { Stranger, requestOf } from "./stranger.ts";
import { textFrame } from "./wire-bytes.ts";

const able = transports.filter((transport) => transport.layers("default").includes("h2"));

/** Those of the contract with more than one client, or with none that is left. */
const aboutSharing: ReadonlySet<string> = new Set([
  "sends each message to every client of its channel, once and in order",
  "keeps channels apart",
  "sends a new client the messages published after it subscribed, and nothing older",
  "keeps serving after another client's connection was reset",
  "tells a client that it was cut off, or of the connection in its place, once",
  "closes without a word to its handlers and leaves no socket",
]);

layeredContracts(overHttp2, [sse]);

for (const transport of able) {
  describe(`${transport.name}+h2+share=4`, () => {
    const tests = contractTests(transport, {
      options: { ...quick(transport), h2: true, share: 4 },
    });
    const sharing = tests.filter(
      ({ client, name }) => client === "default" && aboutSharing.has(name),
    );
    it("is asked for all that is about sharing", () =>
      expect(sharing).toHaveLength(aboutSharing.size));
    for (const { name, run } of sharing) it(name, run);
  });
}

describe.each(able)("$name over HTTP/2", ({ name }) => {
  const plain = name === "short-polling" ? "short-polling@20ms" : name;

  theoryContract(parseVariant(`${plain}+h2`).bound, it);

  const layers = [
    "h2",
    "h2c",
    ...(name === "websocket" ? ["h2+deflate", "h2c+deflate"] : ["h2+gzip", "h2c+br"]),
  ];
  it.each(layers)("counts bytes as an independent relay does, by +%s", async (layer) => {
    await using link = await Link.open(parseVariant(`${plain}+${layer}`).bound);
    await using alice = await link.connect();
    for (let size = 0; size < 300; size += 7) link.publish("x".repeat(size));
    link.publish("y".repeat(70_000));
    alice.connection.send(Buffer.from("z".repeat(200)));
    await alice.seen.count(44);
    await link.upstreamChanges.until(() => link.upstream.length === 1);
    await link.agreed();
    // Decompressed as they come, however long they are.
    expect(alice.seen.received.map(({ length }) => length)).toEqual([
      ...Array.from({ length: 43 }, (_, index) => 7 * index),
      70_000,
    ]);
    const { allRecords, connections } = link.listener.totals();
    expect([allRecords.down % recordBytes, allRecords.up % recordBytes]).toEqual([0, 0]);
    expect(connections).toBe(1);
  });
});

it.each(["short-polling@20ms+h2c", "long-polling+h2c", "long-polling+h2"])(
  "no byte of an answer that waits for its client is taken for something else: %s",
  async (variant) => {
    await using link = await Link.open(parseVariant(variant).bound);
    await using alice = await link.connect();
    for (let sent = 1; sent <= 2; sent += 1) {
      // More than a client has room for without asking for it.
      link.publish("x".repeat(1_000_000));
      alice.connection.send(Buffer.from("up"));
      await alice.seen.count(sent);
      await link.upstreamChanges.until(() => link.upstream.length === sent);
    }
    await link.listener.settled();
    const { deliveries, ...others } = link.listener.totals().parts;
    expect(deliveries.down).toBeGreaterThan(2_000_000);
    for (const { down } of Object.values(others)) {
      expect(down).toBeGreaterThanOrEqual(0);
      expect(down).toBeLessThan(20_000);
    }
  },
);

describe.each(["sse+h2c", "streaming+h2", "sse+h2c+br", "websocket+h2c+deflate"])("%s", (name) => {
  // Without a date, whose bytes depend on the time.
  const variant = `${name}+headers=minimal`;

  it("charges no message sent up with what messages down have in common", async () => {
    /** The bytes of one message up, with so many down before it. */
    const upstream = async (messages: number): Promise<WireBytes> => {
      await using link = await Link.open(parseVariant(variant).bound);
      await using alice = await link.connect();
      await link.listener.settled();
      for (let number = 0; number < messages; number += 1) link.publish(`message ${number}`);
      await alice.seen.count(messages);
      alice.connection.send(Buffer.from("up"));
      await link.upstreamChanges.until(() => link.upstream.length === 1);
      await link.listener.settled();
      return link.listener.totals().parts.upstream;
    };
    expect(await upstream(50)).toEqual(await upstream(0));
  });
});

describe("clients that share a session", () => {
  it.each(able)("get and send their own, by $name", async ({ name }) => {
    await using link = await Link.open(parseVariant(`${name}+h2c+share=3`).bound);
    const channels = ["a", "b", "c"];
    const clients = await Promise.all(channels.map((channel) => link.connect({ channel })));
    await using all = together(clients);
    for (const channel of channels) link.publish(`for ${channel}`, channel);
    for (const { connection } of clients) connection.send(Buffer.from("up"));
    const got = await Promise.all(all.clients.map(({ seen }) => seen.count(1)));
    expect(got).toEqual([["for a"], ["for b"], ["for c"]]);
    await link.upstreamChanges.until(() => link.upstream.length === 3);
    expect(link.upstream.map(({ channel }) => channel).toSorted()).toEqual(channels);
    expect(link.listener.totals().connections).toBe(1);
  });

  it("go on when one of them leaves", async () => {
    await using link = await Link.open(parseVariant("sse+h2c+share=2").bound);
    const alice = await link.connect();
    await using bob = await link.connect();
    await alice[Symbol.asyncDispose]();
    link.publish("for bob");
    expect(await bob.seen.count(1)).toEqual(["for bob"]);
    expect(alice.seen.received).toEqual([]);
    expect(link.listener.totals().connections).toBe(1);
  });

  it.each(["sse+h2c+share=101", "long-polling+h2c+share=101", "websocket+h2c+share=101"])(
    "are told by name when the server allows no further stream: %s",
    async (variant) => {
      await using link = await Link.open(parseVariant(variant).bound);
      const clients = await Promise.all(Array.from({ length: 100 }, () => link.connect()));
      await using all = together(clients);
      await expect(link.connect()).rejects.toThrow("the server allows 100 streams on a session");
      link.publish("for those that are there");
      await Promise.all(all.clients.map(({ seen }) => seen.count(1)));
    },
  );
});

/** Ends clients at the same time: the connection ends with the last of them. */
function together(clients: readonly LinkedClient[]) {
  return {
    clients,
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    },
  };
}

describe("a server of HTTP/2", () => {
  it("ends the connection of a stranger that speaks HTTP/1.1, and serves the others", async () => {
    await using link = await Link.open(parseVariant("sse+h2c").bound);
    const stranger = new Stranger(link);
    stranger.write(requestOf("GET", "/sse/all", {}));
    await stranger.ended();
    await using alice = await link.connect();
    link.publish("served all the same");
    expect(await alice.seen.count(1)).toEqual(["served all the same"]);
  });

  it("reads a body in one-byte frames in turns, as far as windows go", async () => {
    await using link = await Link.open(parseVariant("sse+h2c").bound);
    const bytes = 60_000;
    const got = { pieces: 0 };
    link.listener.http.on("request", (request) => request.on("data", () => (got.pieces += 1)));
    const stranger = new Stranger(link);
    const request = { ":method": "POST", ":scheme": "http", ":path": "/send/all" };
    const pieces = Array.from({ length: bytes }, (_, index) =>
      frameOf("data", 1, "x", index === bytes - 1 ? endStream : 0),
    );
    const head = headOf(1, { ...request, ":authority": "localhost" });
    stranger.write(Buffer.concat([preface, settled, head, ...pieces]));
    let most = 0;
    for (let before = 0; link.upstream.length === 0; before = got.pieces) {
      await new Promise(setImmediate);
      most = Math.max(most, got.pieces - before);
    }
    expect(link.upstream.map(({ payload }) => payload.length)).toEqual([bytes]);
    // As over HTTP/1.1.
    expect(most).toBeLessThan(40_000);
    await stranger.reset();
  });

  it("ends the connection of a client that asks for more than it allows at a time", async () => {
    await using link = await Link.open(parseVariant("sse+h2c").bound);
    let requests = 0;
    link.listener.http.on("request", () => (requests += 1));
    const fields = { ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "localhost" };
    const stranger = new Stranger(link);
    const heads = Array.from({ length: 3_000 }, (_, index) =>
      headOf(2 * index + 1, fields, endStream),
    );
    stranger.write(Buffer.concat([preface, settled, ...heads]));
    await stranger.ended();
    expect(requests).toBeLessThan(1_000);
  });

  it("answers to no other name than its own, and to no page of another origin", async () => {
    await using link = await Link.open(parseVariant("long-polling+h2c").bound);
    const session = connect(`http://127.0.0.1:${link.listener.port}`);
    const status = async (headers: OutgoingHttpHeaders): Promise<unknown> => {
      const stream = session.request({ ":path": "/poll/all", ...headers });
      const [answer] = await once(stream, "response");
      stream.close();
      return answer[":status"];
    };
    expect(await status({})).toBe(204);
    expect(await status({ ":authority": "example.org" })).toBe(403);
    expect(await status({ origin: "https://example.org" })).toBe(403);
    session.destroy();
    await once(session, "close");
  });
});

describe("a WebSocket over HTTP/2", () => {
  const message = maskedFrame(opcodes.text, Buffer.from("up"));

  it.each<[string, OutgoingHttpHeaders, number]>([
    ["at an unknown path", { ":path": "/nowhere" }, 404],
    ["after a message that is still to come", { ":path": "/ws/all?after=9" }, 400],
    ["in another version", { "sec-websocket-version": "7" }, 400],
    ["with subprotocols that are none", { "sec-websocket-protocol": "a,,b" }, 400],
    ["from a page of another origin", { origin: "https://example.org" }, 403],
    ["for another protocol", { ":protocol": "webtransport" }, 501],
    ["by GET", { ":method": "GET", ":protocol": undefined }, 405],
  ])("is refused %s, and the stream ended", async (_what, headers, status) => {
    await using link = await Link.open(parseVariant("websocket+h2c").bound);
    await using stranger = await StrangerToHttp2.connect(link);
    const stream = stranger.ask(headers);
    const [answer] = await once(stream, "response");
    expect(answer[":status"]).toBe(status);
    await once(stream.resume(), "close");
  });

  it("has its messages counted with as many frames as they came in", async () => {
    await using link = await Link.open(parseVariant("websocket+h2c").bound);
    await using stranger = await StrangerToHttp2.connect(link);
    const stream = stranger.ask();
    await once(stream, "data");
    await link.listener.settled();
    stream.write(Buffer.concat([message, message, message]));
    await link.upstreamChanges.until(() => link.upstream.length === 3);
    expect(link.listener.totals().parts.upstream).toEqual({ down: 0, up: 3 * message.length + 9 });
    stream.write(maskedFrame(opcodes.pong, Buffer.alloc(0)));
    while (link.listener.totals().attributions.heartbeats === 0) await new Promise(setImmediate);
    expect(link.listener.totals().parts.heartbeats).toEqual({ down: 0, up: 6 + 9 });
  });

  it("has messages that ws may compress told from hellos and those sent up", async () => {
    const variant = "websocket+h2c+share=2+deflate=no-takeover";
    await using link = await Link.open(parseVariant(variant).bound);
    const clients = [await link.connect()];
    await using all = together(clients);
    const sizes = [0, 1, 60, 125];
    for (const size of sizes) link.publish("x".repeat(size));
    await all.clients[0]?.seen.count(sizes.length);
    clients.push(await link.connect({ channel: "another" }));
    for (const { connection } of clients) connection.send(Buffer.from("up"));
    await link.upstreamChanges.until(() => link.upstream.length === 2);
    await link.listener.settled();
    const { total, parts } = link.listener.totals();
    const { length } = Buffer.concat(sizes.map((size) => textFrame("x".repeat(size))));
    const heads = total.down - parts.setUp.down - length;
    expect(heads).toBeGreaterThan(0);
    expect(heads % 9).toBe(0);
    expect(parts.upstream.down).toBe(0);
  });

  it("is closed with the server's code", async () => {
    const close = Buffer.from([0x88, 6, 3, 240, ...Buffer.from("full")]);
    await using server = await PlainHttp2.open((stream) => {
      stream.respond({ ":status": 200 });
      stream.end(close);
    });
    await expect(attempt("websocket+h2c", server.port)).rejects.toThrow('closed with 1008 "full"');
  });

  it.each([
    ["REFUSED_STREAM", constants.NGHTTP2_REFUSED_STREAM],
    ["CANCEL", constants.NGHTTP2_CANCEL],
  ])("tells how the server reset it after its hello: %s", async (name, code) => {
    await using server = await PlainHttp2.open((stream) => {
      stream.respond({ ":status": 200 });
      stream.write(textFrame("0"), () => stream.close(code));
    });
    const seen = new RecordingClient();
    await attempt("websocket+h2c", server.port, seen, () =>
      seen.changes.until(() => seen.endings.length > 0),
    );
    expect(seen.endings).toEqual([`the server reset the stream with ${name}`]);
  });

  it("needs a server that offers it", async () => {
    await using server = await PlainHttp2.open(() => {}, {});
    const told = "a server of HTTP/2 that doesn't offer extended CONNECT";
    await expect(attempt("websocket+h2c", server.port)).rejects.toThrow(told);
  });
});

/** A client that knows HTTP/2, and nothing of the transport. */
class StrangerToHttp2 implements AsyncDisposable {
  readonly #session: ClientHttp2Session;

  static async connect({ listener }: Link): Promise<StrangerToHttp2> {
    const session = connect(`http://127.0.0.1:${listener.port}`);
    await once(session, "remoteSettings");
    return new StrangerToHttp2(session);
  }

  private constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  /** Asks for a WebSocket where `headers` don't say something else. */
  ask(headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
    const opening = { ":method": "CONNECT", ":protocol": "websocket", ":path": "/ws/all" };
    return this.#session.request({ ...opening, "sec-websocket-version": "13", ...headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session.destroy();
    await once(this.#session, "close");
  }
}

/** A server that does with each stream what it is told to. */
class PlainHttp2 implements AsyncDisposable {
  readonly #server: Http2Server;

  static async open(
    behave: (stream: ServerHttp2Stream) => void,
    settings: Settings = { enableConnectProtocol: true },
  ): Promise<PlainHttp2> {
    const server = createServer({ settings });
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      behave(stream);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new PlainHttp2(server);
  }

  private constructor(server: Http2Server) {
    this.#server = server;
  }

  get port(): number {
    return portOf(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("a client of HTTP/2", () => {
  it.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    [
      "resets",
      (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
      "reset the stream with REFUSED_STREAM",
    ],
    ["ends the session", ({ session }) => session?.destroy(), "the server ended the connection"],
    [
      "says goodbye",
      ({ session }) => session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM),
      "ended the session with ENHANCE_YOUR_CALM",
    ],
    [
      "has nothing",
      (stream) => stream.respond({ ":status": 404 }, { endStream: true }),
      "status 404",
    ],
  ])("says so when the server %s", async (_what, misbehave, reason) => {
    await using server = await PlainHttp2.open(misbehave);
    for (const { name } of able) {
      await expect(attempt(`${name}+h2c`, server.port), name).rejects.toThrow(reason);
    }
  });

  it("keeps to the streams that the server allows last", async () => {
    await using server = await PlainHttp2.open((stream) => {
      stream.respond({ ":status": 200, "content-type": "text/event-stream" });
      const hello = (): void => void stream.write("event: hello\ndata: 0\n\n");
      stream.session?.settings({ maxConcurrentStreams: 1 }, hello);
    });
    const seen = new RecordingClient();
    await attempt("sse+h2c", server.port, seen, async (connection) => {
      connection.send(Buffer.from("one too many"));
      await seen.changes.until(() => seen.endings.length > 0);
    });
    expect(seen.endings).toEqual(["the server allows 1 stream on a session"]);
  });

  it("says so when the server speaks HTTP/1.1", async () => {
    const server = createHttpServer((_request, response) => void response.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    for (const name of ["sse", "websocket"]) {
      const told = "an answer that isn't HTTP/2";
      await expect(attempt(`${name}+h2c`, portOf(server)), name).rejects.toThrow(told);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(["sse+h2c", "websocket+h2c", "sse+h2c+share=2"])(
    "says so when nobody listens: %s",
    async (variant) => {
      await expect(attempt(variant, 1)).rejects.toThrow("ECONNREFUSED");
    },
  );
});

/** Has a client of a variant connect to a server on this machine. */
async function attempt(
  variant: string,
  port: number,
  seen: RecordingClient = new RecordingClient(),
  connected: (connection: Connection) => Promise<void> = async () => {},
): Promise<void> {
  const dialler = new Dialler("127.0.0.1", port);
  const { bound } = parseVariant(variant);
  const target = {
    url: urlAt("127.0.0.1", port),
    channel: "all",
    phase: 0,
    http2: { isShared: bound.layers.share !== undefined },
    dial: () => dialler.dial(),
  };
  try {
    const connection = await bound.connect(target, seen);
    await connected(connection);
    await connection[Symbol.asyncDispose]();
  } finally {
    await dialler.closed();
  }
}
