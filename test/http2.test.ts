import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, constants, createServer } from "node:http2";
import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { describe, expect, it } from "vitest";
import { contractTests } from "../bench/conformance/contract.ts";
import { Link } from "../bench/conformance/link.ts";
import type { LinkedClient } from "../bench/conformance/link.ts";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";
import { recordBytes } from "../bench/layers/tls.ts";
import { Dialler, urlAt } from "../bench/measure/dialler.ts";
import { portOf } from "../bench/measure/listen.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import { longPolling } from "../transports/long-polling.ts";
import { sse } from "../transports/sse.ts";
import { layeredContracts, overHttp2, quick } from "./layered-variants.ts";
import type { WireBytes } from "../transports/wire-bytes.ts";
import { Stranger, requestOf } from "./stranger.ts";

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

layeredContracts(overHttp2, [sse, longPolling]);

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

  const layers = ["h2", "h2c", "h2+gzip", "h2c+br"];
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

describe.each(["sse+h2c", "streaming+h2", "sse+h2c+br"])("%s", (name) => {
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

  it.each(["sse+h2c+share=101", "long-polling+h2c+share=101"])(
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
      "ended the session",
    ],
    [
      "has nothing",
      (stream) => stream.respond({ ":status": 404 }, { endStream: true }),
      "status 404",
    ],
  ])("says so when the server %s", async (_what, misbehave, reason) => {
    const server = createServer();
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      misbehave(stream);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    for (const name of ["sse", "streaming", "short-polling", "long-polling"]) {
      await expect(attempt(`${name}+h2c`, portOf(server)), name).rejects.toThrow(reason);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it("says so when the server speaks HTTP/1.1", async () => {
    const server = createHttpServer((_request, response) => void response.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await expect(attempt("sse+h2c", portOf(server))).rejects.toThrow("an answer that isn't HTTP/2");
    await new Promise((resolve) => server.close(resolve));
  });

  it("says so when nobody listens", async () => {
    await expect(attempt("sse+h2c", 1)).rejects.toThrow("ECONNREFUSED");
  });
});

/** Has a client of a variant connect to a server on this machine. */
async function attempt(variant: string, port: number): Promise<void> {
  const dialler = new Dialler("127.0.0.1", port);
  const target = {
    url: urlAt("127.0.0.1", port),
    channel: "all",
    phase: 0,
    dial: () => dialler.dial(),
  };
  try {
    const connection = await parseVariant(variant).bound.connect(target, new RecordingClient());
    await connection[Symbol.asyncDispose]();
  } finally {
    await dialler.closed();
  }
}
