import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { conformance } from "../bench/commands/conformance.ts";
import { casesOf, conforms } from "../bench/conformance/conform.ts";
import { outcomeText } from "../bench/conformance/outcome-text.ts";
import { BenchError } from "../bench/errors/errors.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";
import { checked, failuresOf } from "./conformance-check.ts";
import { EchoServer } from "./echo-server.ts";
import type { Mistake } from "./echo-server.ts";
import { PlainServer } from "./plain-server.ts";
import { chunked } from "./wire-bytes.ts";

const endOfHold = "answers a held poll with 204 when the hold ends";

// The contract suite has those of clients, but for POST.
it.each([
  "websocket",
  "sse",
  "streaming",
  "streaming+method=post",
  "sse+method=post",
  "short-polling@5ms",
  "tcp",
  "long-polling",
])("the built-in server of %s passes every case that can be told at once", async (variant) => {
  await using server = await EchoServer.open(variant);
  const [transport = ""] = variant.split(/[@:+]/);
  const cases = casesOf(transport).filter(
    ({ name, ofClients }) => name !== endOfHold && (ofClients !== true || variant.includes("post")),
  );
  const outcomes = await checked(variant, server.port, { cases });
  expect(outcomes.filter(({ outcome }) => outcome.kind !== "passed")).toEqual([]);
});

it("whether a hold ends can't be told before it does", async () => {
  await using server = await EchoServer.open("long-polling");
  const cases = casesOf("long-polling").filter(({ name }) => name === endOfHold);
  const outcomes = await checked("long-polling", server.port, { cases, caseLimitMs: 500 });
  expect(outcomes).toMatchObject([{ outcome: { kind: "skipped" } }]);
});

it.each([
  ["sse+logMessages=10", "gone for good"],
  ["long-polling@50ms", "when the hold ends"],
])("the built-in server of %s passes the case %s", async (variant, name) => {
  await using server = await EchoServer.open(variant);
  expect(await outcomesOf(variant, name, server.port)).toMatchObject([
    { outcome: { kind: "passed" } },
  ]);
});

const echo = "sends each message back down to the client that sent it up, once";
const everyClient = "sends each message to every client of its channel, once and in order";
const burst = "keeps the order of a burst of 500 messages, and loses none";
const payload = "carries a payload of 40 bytes";

/** Does with each message of a channel what `play` says; messages count from 1. */
function mistaken(play: (count: number, send: () => void, held: (() => void)[]) => void): Mistake {
  const channels = new Map<string, { count: number; held: (() => void)[] }>();
  return {
    publishing: (publish) => (name, payload) => {
      const channel = channels.get(name) ?? { count: 0, held: [] };
      channels.set(name, channel);
      channel.count += 1;
      play(channel.count, () => publish(name, payload), channel.held);
    },
  };
}

const everyone = [echo, everyClient, burst, payload];

/** The last number is how long a case may take: short where it waits for what doesn't come. */
const mistakes: readonly (readonly [string, () => Mistake, readonly string[], number])[] = [
  [
    "loses one message in 100",
    () => mistaken((count, send) => void (count % 100 === 0 || send())),
    [burst],
    20_000,
  ],
  [
    "sends one message in 100 twice",
    () =>
      mistaken((count, send) => {
        send();
        if (count % 100 === 0) send();
      }),
    [burst],
    20_000,
  ],
  [
    "swaps every message with the one after it",
    () =>
      mistaken((count, send, held) => {
        held.push(send);
        if (count % 2 === 0) for (const late of held.splice(0).toReversed()) late();
      }),
    everyone,
    20_000,
  ],
  ["sends nothing at all", () => mistaken(() => {}), everyone, 200],
];

describe.each(["websocket", "sse", "long-polling"])("a server of %s", (variant) => {
  it.each(mistakes)("that %s is found out", async (_name, mistake, expected, caseLimitMs) => {
    await using server = await EchoServer.open(variant, mistake());
    const cases = casesOf(variant).filter(({ name }) => everyone.includes(name));
    const outcomes = await checked(variant, server.port, { cases, caseLimitMs });
    expect(Object.keys(failuresOf(outcomes))).toEqual(expected);
  });
});

it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
  ["as it says", (_request, response) => void response.setHeader("Connection", "close")],
  [
    "without a word",
    ({ socket }, response) => void response.once("finish", () => socket.destroySoon()),
  ],
])("finds a poll endpoint that closes its connections %s", async (_name, close) => {
  const http = (server: Server): void => void server.prependListener("request", close);
  await using server = await EchoServer.open("short-polling@5ms", { http });
  const cases = casesOf("short-polling").filter(({ name }) => name.startsWith("keeps a conn"));
  const outcomes = await checked("short-polling@5ms", server.port, { cases });
  expect(Object.keys(failuresOf(outcomes))).toEqual([
    "keeps a connection open for sending messages up",
    "keeps a connection open between polls",
  ]);
});

it("finds a poll endpoint that closes its connections between two polls", async () => {
  const answered = new Map<Socket, number>();
  const http = (server: Server): void =>
    void server.on("request", ({ socket }, response) => {
      const count = (answered.get(socket) ?? 0) + 1;
      answered.set(socket, count);
      // Behind the last answer before the pause, and at once: by a timer, a machine that stalls would
      // have the end come together with a request.
      if (count === 3) response.once("finish", () => socket.destroySoon());
    });
  await using server = await EchoServer.open("short-polling@1s", { http });
  const cases = casesOf("short-polling").filter(({ name }) => name.includes("open between polls"));
  const outcomes = await checked("short-polling@1s", server.port, { cases });
  expect(Object.values(failuresOf(outcomes))).toEqual(["2 connections"]);
});

describe("what the standards let stand in between is skipped", () => {
  it.each<[string, string, Buffer]>([
    ["pings", "websocket", Buffer.from([0x89, 0, 0x89, 1, 120])],
    ["pongs that nobody has asked for", "websocket", Buffer.from([0x8a, 1, 120])],
  ])("%s of %s", async (_what, variant, bytes) => {
    await using server = await EchoServer.open(variant);
    await using behind = await PlainServer.open((client) => {
      const upstream = connect(server.port, "127.0.0.1");
      client.pipe(upstream);
      let head = "";
      upstream.on("data", (chunk) => {
        head = `${head}${chunk.toString("latin1")}`.slice(0, 10_000);
        const end = chunk.indexOf("\r\n\r\n");
        // The frames behind the head, and each of those that the server writes at once, come after some more.
        const at = end === -1 ? 0 : end + 4;
        client.write(chunk.subarray(0, at));
        if (head.startsWith("HTTP/1.1 101")) client.write(bytes);
        client.write(chunk.subarray(at));
      });
      client.on("close", () => upstream.destroy());
    });
    const cases = casesOf(variant).filter(({ level }) => level === "required");
    const small = cases.filter(({ name }) => !name.includes("64 KiB"));
    const outcomes = await checked(variant, behind.port, { cases: small });
    expect(failuresOf(outcomes)).toEqual({});
  });

  it.each([
    ["comments, other events and fields", ":\n\nevent: news\ndata: x\n\nretry: 10\nfoo: bar\n\n"],
    ["a byte order mark", "\uFEFF"],
  ])("%s of sse", async (_what, before) => {
    await using server = await EchoServer.open("sse");
    await using behind = await PlainServer.open((client) => {
      const upstream = connect(server.port, "127.0.0.1");
      client.pipe(upstream);
      let begun = false;
      upstream.on("data", (chunk) => {
        const text = chunk.toString("latin1");
        const isStream = !begun && text.includes("text/event-stream");
        begun ||= isStream;
        const more = isStream ? Buffer.from(chunked(before)).toString("latin1") : "";
        client.write(text.replace("\r\n\r\n", `\r\n\r\n${more}`), "latin1");
      });
      client.on("close", () => upstream.destroy());
    });
    for (const variant of ["sse", "sse:eventsource"]) {
      const cases = casesOf("sse").filter(({ level }) => level === "required");
      expect(failuresOf(await checked(variant, behind.port, { cases }))).toEqual({});
    }
  });
});

const noJson = `a line that isn't JSON: "{'hello':0}"`;

describe("what goes wrong on the wire is found by the case for it:", () => {
  it.each<[string, string, RegExp, string, Readonly<Record<string, string>>]>([
    [
      "another content type",
      "sse",
      /text\/event-stream/,
      "text/plain",
      {
        "answers GET /sse/:channel with 200 and an event stream, or POST with method=post, at once and uncompressed":
          '"text/plain"',
        "lets the built-in client subscribe":
          'the Content-Type is "text/plain", and not text/event-stream',
      },
    ],
    [
      "no hello",
      "sse",
      /event: hello/,
      "event: howdy",
      {
        'begins each stream with an event "hello" whose data is a whole number': String.raw`"event: howdy\nid: 0\ndata: 0\n\n", then nothing more within 3s`,
        "lets the built-in client subscribe": String.raw`nothing more within 3s; an event stream, but no event "hello", only "event: howdy\nid: 0\ndata: 0\n\n"`,
      },
    ],
    [
      "no JSON",
      "streaming",
      /\{"hello"/,
      "{'hello'",
      {
        "begins each stream with a line of JSON whose hello is a whole number": noJson,
        "lets the built-in client subscribe": noJson,
      },
    ],
    [
      "a POST that is answered with 200",
      "sse",
      /204 No Content/,
      "200 OK\r\nContent-Length: 0",
      { "takes a message sent up with 204 and no body": "status 200" },
    ],
    [
      "binary frames",
      "websocket",
      /\u0081(?=[\u0001\u0003])/,
      "\u0082",
      {
        "sends a whole number first, as a text frame: the hello": "opcode 2",
        "lets the built-in client subscribe": 'the hello is a binary frame, "0"',
        "sends each message as a text frame, final and unmasked": "opcode 2",
      },
    ],
    [
      "compression that nobody has asked for",
      "websocket",
      /Upgrade: websocket\r\n/,
      "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
      {
        "accepts a handshake at /ws/:channel, without compression or subprotocol":
          '"permessage-deflate"',
      },
    ],
    [
      "a cursor that is behind",
      "long-polling",
      /Cursor: 3/,
      "Cursor: 2",
      {
        "answers a poll with all messages after its cursor, however often it is repeated":
          "Cursor: 2",
      },
    ],
  ])("%s", async (_name, transport, pattern, instead, expected) => {
    await using server = await EchoServer.open(transport);
    await using faulty = await PlainServer.open((client) => {
      const behind = connect(server.port, "127.0.0.1");
      client.pipe(behind);
      behind.on("data", (chunk) => {
        client.write(chunk.toString("latin1").replace(pattern, instead), "latin1");
      });
      behind.on("end", () => client.end());
      client.on("close", () => behind.destroy());
    });
    // Those of clients come after them, but for the first.
    const wire = casesOf(transport).filter(({ level }) => level === "required");
    const cases = wire.slice(
      0,
      wire.findIndex(({ name }) => name === echo),
    );
    const outcomes = await checked(transport, faulty.port, { cases, caseLimitMs: 3_000 });
    expect(failuresOf(outcomes)).toEqual(expected);
  });
});

describe("a server that is none", () => {
  const strangers: Readonly<Record<string, (socket: Socket) => void>> = {
    "says nothing": () => {},
    "hangs up": (socket) => socket.destroy(),
    "answers garbage": (socket) => socket.end("\u001b[2J\u0007\u202egarbage\r\n\r\n"),
    "never stops": (socket) => {
      const more = Buffer.alloc(1_000_000, "HTTP/1.1 200 OK\r\n\r\n");
      const flood = (): void =>
        void (socket.destroyed || (socket.write(more) && setImmediate(flood)));
      socket.on("drain", flood);
      flood();
    },
  };

  it.each(Object.entries(strangers))("and %s fails in time", async (_name, behave) => {
    await using stranger = await PlainServer.open(behave);
    for (const variant of ["websocket", "sse", "long-polling", "tcp"]) {
      const cases = casesOf(variant).slice(0, 8);
      const outcomes = await checked(variant, stranger.port, { cases, caseLimitMs: 200 });
      expect(conforms(outcomes)).toBe(false);
      expect(outcomes.map(outcomeText).join("")).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    }
  });
});

describe("bench conformance", () => {
  it("exits with 0 where a server conforms, and with 1 where it doesn't", async () => {
    using folder = new TemporaryFolder();
    await using server = await EchoServer.open("websocket");
    const url = `http://127.0.0.1:${server.port}`;
    const right = await bench(folder.path, "conformance", url, "--transport", "websocket");
    expect(right).toMatchObject({ code: 0, stderr: "" });
    expect(right.stdout).toMatch(/^ok {8}answers HTTP requests$/m);
    expect(right.stdout).toMatch(/\nconforms, so it can be measured: 15 of 15 required cases, /);

    const wrong = await bench(folder.path, "conformance", url, "--transport", "sse", "--json");
    expect(wrong).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(wrong.stdout)).toMatchObject({ url, transport: "sse", passed: false });
  });

  it.each([
    [["http://127.0.0.1:1", "sse", "5s"], "nothing answers at http://127.0.0.1:1"],
    [["http://127.0.0.1:1/sse", "sse", "5s"], "without a path"],
    [["http://192.0.2.1:80", "sse", "5s"], "192.0.2.1 is not this machine"],
    [["http://127.0.0.1:1", "sse", "soon"], '--time-limit: "soon" is not a duration'],
    [["http://127.0.0.1:1", "see", "5s"], 'did you mean "sse"?'],
  ])("refuses %j in one line", async ([url = "", transport = "", timeLimit = ""], reason) => {
    const refused = conformance(url, { transport, timeLimit });
    await expect(refused).rejects.toThrow(BenchError);
    await expect(refused).rejects.toThrow(reason);
  });
});

function outcomesOf(variant: string, name: string, port: number): ReturnType<typeof checked> {
  const [transport = ""] = variant.split(/[@+:]/);
  return checked(variant, port, {
    cases: casesOf(transport).filter((of) => of.name.includes(name)),
  });
}
