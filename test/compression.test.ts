import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { bothWays } from "../transports/wire-bytes.ts";
import { Link } from "../bench/conformance/link.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";
import { EchoServer } from "./echo-server.ts";
import { PlainServer } from "./plain-server.ts";
import { Stranger, requestOf } from "./stranger.ts";
import { answering, subscribe } from "./try-client.ts";
import { expectWhole } from "./whole-trial.ts";

/** Messages that have much in common with each other, and little within each. */
function ticks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const price = 100 + ((index * 7_919) % 1_000) / 100;
    return `{"symbol":"EURUSD","bid":${price},"ask":${price + 0.02},"at":${1_700_000_000 + index}}`;
  });
}

/** Bytes both ways, for messages down to one client and as many up, one after the other. */
async function bytesOf(variant: string, messages: readonly string[]): Promise<number> {
  await using link = await Link.open(parseVariant(variant).bound);
  await using alice = await link.connect();
  const before = bothWays(link.listener.totals().total);
  for (const [index, message] of messages.entries()) {
    link.publish(message);
    expect(await alice.seen.count(index + 1)).toHaveLength(index + 1);
    alice.connection.send(Buffer.from(message));
    await link.upstreamChanges.until(() => link.upstream.length === index + 1);
  }
  expect(alice.seen.received).toEqual(messages);
  expect(link.upstream.map(({ payload }) => payload)).toEqual(messages);
  return bothWays(link.listener.totals().total) - before;
}

it("a WebSocket keeps the history of its messages, unless it is told not to", async () => {
  const messages = ticks(50);
  const plain = await bytesOf("websocket", messages);
  const apart = await bytesOf("websocket+deflate=no-takeover+threshold=0", messages);
  const together = await bytesOf("websocket+deflate", messages);
  expect(apart).toBeLessThan(plain);
  expect(together).toBeLessThan(apart / 2);
});

it("a WebSocket without history sends what is below the threshold uncompressed, to the byte", async () => {
  const short = [" ".repeat(99), " ".repeat(1_023)];
  const long = [" ".repeat(1_024)];
  expect(await bytesOf("websocket+deflate=no-takeover", short)).toBe(
    await bytesOf("websocket", short),
  );
  expect(await bytesOf("websocket+deflate=no-takeover", long)).toBeLessThan(100);
  const raised = "websocket+deflate=no-takeover+threshold=4KiB";
  expect(await bytesOf(raised, long)).toBe(await bytesOf("websocket", long));
});

it("a WebSocket's client refuses a server that doesn't agree to compress", async () => {
  await using server = await EchoServer.open("websocket");
  await using client = await subscribe("websocket+deflate", server.port);
  expect(client.failure).toBe(
    "an answer to the handshake that doesn't agree to permessage-deflate",
  );
});

describe.each(["gzip", "br"])("%s on a stream", (coding) => {
  const streams = ["sse", "streaming", "sse+h2c", "streaming+h2c"];
  it.each(streams)("of %s keeps its history when it is flushed", async (transport) => {
    const tick = `{"symbol":"EURUSD","bid":1.0842,"ask":1.0843}`;
    const bytesDown = async (messages: number): Promise<number> => {
      await using link = await Link.open(parseVariant(`${transport}+${coding}`).bound);
      await using alice = await link.connect();
      const before = link.listener.totals().total.down;
      for (let count = 1; count <= messages; count += 1) {
        link.publish(tick);
        await alice.seen.count(count);
      }
      return link.listener.totals().total.down - before;
    };
    const first = await bytesDown(1);
    // The same again is little more than a reference and the chunk or frame around it.
    expect((await bytesDown(11)) - first).toBeLessThan(10 * 40);
  });

  it.each(["sse", "sse+h2c"])("of %s has heartbeats whose bytes are attributed", async (name) => {
    await using link = await Link.open(parseVariant(`${name}+${coding}+heartbeat=5ms`).bound);
    await using alice = await link.connect();
    while (link.listener.totals().attributions.heartbeats < 3) await new Promise(setImmediate);
    link.publish("between them");
    expect(await alice.seen.count(1)).toEqual(["between them"]);
    const { parts, attributions } = link.listener.totals();
    expect(parts.heartbeats.down / attributions.heartbeats).toBeLessThan(30);
    expect(parts.setUp.down).toBeGreaterThan(name === "sse" ? 200 : 100);
  });
});

it("a poll's answer is compressed by itself, and one with nothing in it not at all", async () => {
  const message = "again and again, ".repeat(60);
  const perAnswer = async (variant: string): Promise<number> => {
    await using link = await Link.open(parseVariant(variant).bound);
    await using alice = await link.connect();
    for (let count = 1; count <= 10; count += 1) {
      link.publish(message);
      await alice.seen.count(count);
    }
    expect(alice.seen.received).toEqual(Array.from({ length: 10 }, () => message));
    await link.listener.settled();
    const { bodyBytes } = link.listener.totals();
    return bodyBytes / 10;
  };
  const plain = await perAnswer("short-polling@1ms");
  for (const coding of ["gzip", "br"]) {
    for (const name of ["short-polling@1ms", "long-polling", "long-polling+h2c"]) {
      expect(await perAnswer(`${name}+${coding}`)).toBeLessThan(plain / 5);
    }
  }
});

it.each([
  ["sse", "/sse/all"],
  ["streaming", "/stream/all"],
  ["long-polling", "/poll/all?after=0"],
])("a server of %s that compresses refuses requests that don't accept it", async (name, path) => {
  await using link = await Link.open(parseVariant(`${name}+gzip`).bound);
  for (const headers of [{}, { "Accept-Encoding": "br, deflate" }]) {
    const stranger = new Stranger(link);
    stranger.write(requestOf("GET", path, headers));
    await stranger.until(/ 406 .*this server compresses: send Accept-Encoding: gzip/s);
    await stranger.reset();
  }
});

describe.each([
  ["sse", "Content-Type: text/event-stream\r\n", "event: hello\nid: 0\ndata: 0\n\n"],
  ["sse:eventsource", "Content-Type: text/event-stream\r\n", "event: hello\nid: 0\ndata: 0\n\n"],
  ["streaming", "", '{"hello":0}\n'],
  ["long-polling", "Cursor: 0\r\n", ""],
])("a client of %s+gzip tells of", (name, head, hello) => {
  const failure = async (coding: string, body: Buffer): Promise<string | null> => {
    const length = `Content-Length: ${body.length}\r\n`;
    await using server = await PlainServer.open(
      answering((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${head}${coding}${length}\r\n`);
        socket.write(body);
      }),
    );
    await using client = await subscribe(`${name}+gzip`, server.port);
    return client.failure;
  };
  const plain = Buffer.from(hello || "1\nx");

  it("an answer that isn't compressed", async () => {
    expect(await failure("", plain)).toBe("the answer isn't compressed by gzip, as was requested");
  });

  it("another compression", async () => {
    expect(await failure("Content-Encoding: br\r\n", plain)).toBe(
      'the Content-Encoding is "br", which was not requested',
    );
  });

  it("a body that is none", async () => {
    expect(await failure("Content-Encoding: gzip\r\n", plain)).toBe(
      "a body that can't be decompressed: incorrect header check",
    );
  });
});

describe("a run of variants that compress", () => {
  const folder = new TemporaryFolder();
  let results: Results;

  beforeAll(async () => {
    const variants = "websocket+deflate,sse+gzip,long-polling+gzip";
    const kind = "--quick --no-report --seed 1 --extra-trials 0 --out out --payload-kind json-tick";
    const size = "--scenarios connections --duration 400ms --warmup 100ms --max-connections 30";
    await bench(folder.path, "run", "--transports", variants, ...`${kind} ${size}`.split(" "));
    results = await readResults(join(folder.path, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("measures each delivery and each byte once, and finds the ceiling of polls", () => {
    expect(results.trials).toHaveLength(3);
    for (const trial of results.trials) expectWhole(trial);
  });

  it("has no theory of what compression leaves", () => {
    const phases = results.trials.flatMap((trial) => trial.phases);
    expect(phases.map(({ theory }) => theory).filter((theory) => theory !== null)).toEqual([]);
  });
});
