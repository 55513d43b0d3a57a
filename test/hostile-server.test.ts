import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { maxMessageBytes } from "../transports/transport.ts";
import { answering, overHttp, sseClients, subscribe, variantsOf } from "./try-client.ts";
import { PlainServer } from "./plain-server.ts";
import { chunked, framed, textFrame, upgraded } from "./wire-bytes.ts";

const eventHead =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

const lineHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** Bytes that a client can subscribe by, with `text` in the place of the number. */
function handshake(variant: string, request: string, text = "0"): string {
  if (variant.startsWith("websocket"))
    return upgraded(request) + textFrame(text).toString("latin1");
  if (variant.startsWith("sse")) return eventHead + chunked(`event: hello\ndata: ${text}\n\n`);
  if (variant.startsWith("streaming")) {
    const hello = /^\d+$/.test(text) ? text : JSON.stringify(text);
    return lineHead + chunked(`{"hello":${hello}}\n`);
  }
  return `HTTP/1.1 204 No Content\r\nCursor: ${text}\r\n\r\n`;
}

/** How a server of a variant's format says hello. */
function hello(variant: string, text: string): (socket: Socket) => void {
  if (variant === "tcp") return (socket) => void socket.write(framed(text));
  return answering((socket, request) => socket.write(handshake(variant, request, text), "latin1"));
}

describe.each([...overHttp, "tcp"])("a client of %s", (variant) => {
  it.each(["NaN", "-1", "Infinity", "1e3", "", "garbage"])(
    "refuses a hello of %j, with what came",
    async (text) => {
      await using server = await PlainServer.open(hello(variant, text));
      await using client = await subscribe(variant, server.port);
      expect(client.failure).toMatch(/^the (hello|header Cursor) is ".*", not a whole number$/);
      expect(client.failure).toContain(JSON.stringify(text));
    },
  );

  it("subscribes by a hello that is one", async () => {
    await using server = await PlainServer.open(hello(variant, "12"));
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBeNull();
    expect(client.connection?.cursor).toBe(12);
  });

  it("waits no longer than it is told to, and says what came", async () => {
    await using server = await PlainServer.open(() => {});
    await using client = await subscribe(variant, server.port, 50);
    expect(client.failure).toMatch(/^not subscribed within 50ms; (no answer|0 bytes)/);
  });
});

describe.each(overHttp)("a client of %s", (variant) => {
  const interim = {
    "100": "HTTP/1.1 100 Continue\r\n\r\n",
    "102": "HTTP/1.1 102 Processing\r\n\r\n",
    "103": "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
  };

  it.each(["102", "103"] as const)("skips interim answers with status %s", async (status) => {
    const twice = interim[status].repeat(2);
    await using server = await PlainServer.open(
      answering((socket, request) => {
        for (const byte of twice + handshake(variant, request)) socket.write(byte, "latin1");
      }),
    );
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBeNull();
    expect(client.seen.endings).toEqual([]);
  });

  it("skips status 100, or says that it is what came", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) =>
        socket.write(interim["100"] + handshake(variant, request), "latin1"),
      ),
    );
    await using client = await subscribe(variant, server.port);
    const skips = ["sse", "sse:lean", "websocket", "websocket:lean"].includes(variant);
    const told = "status 100, which this client can't skip: it asks for no 100-continue";
    expect(client.failure).toBe(skips ? null : told);
  });

  it.each([301, 302, 307, 308])(
    "tells where status %i leads, and doesn't follow",
    async (status) => {
      let requests = 0;
      await using server = await PlainServer.open(
        answering((socket) => {
          requests += 1;
          socket.write(
            `HTTP/1.1 ${status} Gone\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n`,
          );
        }),
      );
      await using client = await subscribe(variant, server.port);
      expect(client.failure).toBe(`status ${status}, a redirect to "/elsewhere"`);
      expect(requests).toBe(1);
    },
  );

  it("tells when to come again", async () => {
    const answer =
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n";
    await using server = await PlainServer.open(answering((socket) => socket.write(answer)));
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBe('status 429, Retry-After "120"');
  });

  it("tells of another protocol than it asked for, and doesn't wait for more", async () => {
    const answer = "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    await using server = await PlainServer.open(answering((socket) => socket.write(answer)));
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toMatch(/status 101/);
    await server.abandoned();
  });

  it.each([
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /^an answer that isn't HTTP\/1\.1: ./],
    ["HTTP/3.0 200 OK\r\n\r\n", /^an answer that isn't HTTP\/1\.1: Invalid HTTP version/],
    ["HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", /^an answer that isn't HTTP\/1\.1: .*space/],
  ])("tells that what came isn't HTTP: %j", async (answer, told) => {
    await using server = await PlainServer.open(answering((socket) => socket.write(answer)));
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toMatch(told);
  });

  it("tells of an end before any answer", async () => {
    for (const end of ["end", "resetAndDestroy"] as const) {
      await using server = await PlainServer.open(answering((socket) => socket[end]()));
      await using client = await subscribe(variant, server.port);
      expect(client.failure).toMatch(/^the server ended the connection; no answer/);
    }
  });
});

describe.each(overHttp)("a client of %s", (variant) => {
  it.each([401, 404, 429, 503])("tells the status %i", async (status) => {
    const answer = `HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`;
    await using server = await PlainServer.open(answering((socket) => socket.write(answer)));
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBe(`status ${status}`);
  });

  it("tells of a head without an end", async () => {
    await using server = await PlainServer.open(
      answering((socket) => flood(socket, "HTTP/1.1 200 OK\r\n", "X-Endless: more\r\n")),
    );
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBe("an answer whose headers are too long");
  });
});

it("a client of SSE tells another content type than that of event streams, and a compression", async () => {
  for (const [header, told] of [
    ["Content-Type: text/html", 'the Content-Type is "text/html", and not text/event-stream'],
    [
      "Content-Type: text/event-stream\r\nContent-Encoding: gzip",
      'the Content-Encoding is "gzip", which was not requested',
    ],
    [
      "Content-Type: text/event-stream\r\nTransfer-Encoding: gzip, chunked",
      'the Transfer-Encoding is "gzip, chunked", which was not requested',
    ],
  ] as const) {
    const answer = `HTTP/1.1 200 OK\r\n${header}\r\n\r\n`;
    await using server = await PlainServer.open(answering((socket) => socket.write(answer)));
    for (const variant of sseClients) {
      await using client = await subscribe(variant, server.port);
      expect(client.failure).toBe(told);
    }
  }
});

it.each(sseClients)("a client of %s tells what came before a hello", async (of) => {
  await using server = await PlainServer.open(
    answering((socket) => socket.write(eventHead + chunked(":\u001b[2J\n\n"))),
  );
  await using client = await subscribe(of, server.port, 200);
  expect(client.failure).toBe(
    String.raw`not subscribed within 200ms; an event stream, but no event "hello", only ":\u001b[2J\n\n"`,
  );
});

describe.each(variantsOf("websocket"))("a client of %s", (variant) => {
  it("isn't said to be ended by a server that never greets: it was late", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) => socket.write(upgraded(request))),
    );
    await using client = await subscribe(variant, server.port, 200);
    expect(client.failure).toBe(
      "not subscribed within 200ms; an answer to the handshake, but no text frame",
    );
  });

  it("is refused whose hello is a binary frame", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) => {
        const frame = textFrame("0");
        frame[0] = 0x82;
        socket.write(Buffer.concat([Buffer.from(upgraded(request)), frame]));
      }),
    );
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBe('the hello is a binary frame, "0"');
  });

  it("is refused whose hello is something else, and no more of it is taken", async () => {
    const welcome = '{"type":"welcome"}';
    await using server = await PlainServer.open(
      answering((socket, request) => {
        socket.write(upgraded(request));
        flood(socket, "", textFrame(welcome));
      }),
    );
    await using client = await subscribe(variant, server.port);
    expect(client.failure).toBe(`the hello is ${JSON.stringify(welcome)}, not a whole number`);
  });

  it.each([
    ["before its hello", ""],
    ["after it", "0"],
  ])("tells code and reason where it is closed %s", async (_when, hello) => {
    await using server = await PlainServer.open(
      answering((socket, request) => {
        socket.write(upgraded(request));
        if (hello !== "") socket.write(textFrame(hello));
        socket.write(Buffer.from(`\u0088\u000b\u0003\u00f0bad token`, "latin1"));
      }),
    );
    await using client = await subscribe(variant, server.port);
    await client.seen.changes.until(() => hello === "" || client.seen.endings.length > 0);
    expect(client.failure ?? client.seen.endings).toEqual(
      hello === "" ? 'closed with 1008 "bad token"' : ['closed with 1008 "bad token"'],
    );
  });

  it("skips pings before its hello", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) => {
        socket.write(upgraded(request));
        socket.write(Buffer.from("\u0089\u0000\u0089\u0001x", "latin1"));
        socket.write(textFrame("7"));
      }),
    );
    await using client = await subscribe(variant, server.port);
    expect(client.connection?.cursor).toBe(7);
  });
});

describe("what has no end is told by its bound:", () => {
  const mebibyte = "x".repeat(1_048_576);
  const hello = chunked("event: hello\ndata: 0\n\n");
  /** It takes 131 072 lines of an event, and doesn't tell what it refuses. */
  const undiciTells: Readonly<Record<string, string>> = {
    "an event of sse:undici": "an event that undici's EventSource refuses",
    "a message of websocket:undici": "frames that undici's WebSocket refuses",
  };
  const noMessage = "more than 10000 events and comments within a second, and no message";
  const lines = (begin: string, more: string): ((socket: Socket) => void) =>
    answering((socket) =>
      flood(
        socket,
        lineHead + chunked('{"hello":0}\n') + (begin === "" ? "" : chunked(begin)),
        chunked(more),
      ),
    );
  const noLine = "more than 10000 lines within a second without a message";
  const stream = (begin: string, more: string): ((socket: Socket) => void) =>
    answering((socket) =>
      flood(socket, eventHead + hello + (begin === "" ? "" : chunked(begin)), chunked(more)),
    );

  it.each<[string, string, (socket: Socket) => void, string]>([
    ["a line of an event", "sse", stream("data: ", mebibyte), "an event of more than 8 MiB"],
    ["an event", "sse", stream("", "data: x\n".repeat(9_000)), "an event of more than 8 MiB"],
    [
      "lines that mean nothing",
      "sse",
      stream("", `${"x".repeat(1_000)}\n`.repeat(60)),
      "an event of more than 8 MiB",
    ],
    ["a comment", "sse", stream(":", mebibyte), "an event of more than 8 MiB"],
    ["comments", "sse", stream("", ":\n".repeat(30_000)), noMessage],
    ["comments with CR", "sse", stream("", ":\r\n:\r".repeat(15_000)), noMessage],
    ["events of another type", "sse", stream("", "event: x\ndata: x\n\n".repeat(5_000)), noMessage],
    ["empty lines", "sse", stream("", "\n".repeat(60_000)), noMessage],
    ["hellos", "sse", stream("", "event: hello\ndata: 0\n\n".repeat(1_000)), "a second hello"],
    ["a line", "streaming", lines('{"data":"', mebibyte), "a line of more than 16 MiB"],
    [
      "a line of blanks",
      "streaming",
      lines("", " ".repeat(1_048_576)),
      "a line of more than 16 MiB",
    ],
    [
      "a message",
      "streaming",
      lines("", `{"data":"${"x".repeat(maxMessageBytes + 1)}"}\n`),
      "a message of more than 8 MiB",
    ],
    ["empty lines", "streaming", lines("", "\n".repeat(60_000)), noLine],
    ["empty lines with CR", "streaming", lines("", "\r\n".repeat(30_000)), noLine],
    [
      "lines without a message",
      "streaming",
      lines("", '{"type":"ping"}\n1\n'.repeat(5_000)),
      noLine,
    ],
    [
      "lines that aren't JSON",
      "streaming",
      lines("", "data: x\n"),
      'a line that isn\'t JSON: "data: x"',
    ],
    ["hellos", "streaming", lines("", '{"hello":0}\n'.repeat(1_000)), "a second hello"],
    [
      "a message",
      "websocket",
      answering((socket, request) => {
        socket.write(upgraded(request));
        socket.write(textFrame("0"));
        socket.write(Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0x80, 0, 1]));
      }),
      "a message of more than 8 MiB",
    ],
    [
      "the answer to a poll",
      "long-polling",
      answering((socket, _request, number) =>
        number === 0
          ? socket.write("HTTP/1.1 204 No Content\r\nCursor: 0\r\n\r\n")
          : flood(
              socket,
              "HTTP/1.1 200 OK\r\nCursor: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
              chunked(mebibyte),
            ),
      ),
      "an answer of more than 32 MiB",
    ],
    [
      "a message",
      "tcp",
      (socket) =>
        void socket.resume().write(Buffer.concat([framed("0"), Buffer.from([0, 128, 0, 1])])),
      "a message of more than 8 MiB",
    ],
  ])("%s of %s", async (what, variant, behave, told) => {
    for (const name of variantsOf(variant)) {
      await using server = await PlainServer.open(behave);
      await using client = await subscribe(name, server.port);
      expect(client.failure).toBeNull();
      await client.seen.changes.until(() => client.seen.endings.length > 0);
      expect(client.seen.endings).toEqual([undiciTells[`${what} of ${name}`] ?? told]);
      // Whoever is given up is not read any more.
      await server.abandoned();
    }
  });

  it("but comments may go on, and a message may have 8 MiB", async () => {
    const payload = "y".repeat(maxMessageBytes);
    await using server = await PlainServer.open(
      answering((socket) => {
        socket.write(eventHead + hello);
        for (let count = 0; count < 10; count += 1) socket.write(chunked(`:${mebibyte}\n`));
        socket.write(chunked(`data: ${payload}\n\n`));
      }),
    );
    for (const variant of sseClients) {
      await using client = await subscribe(variant, server.port);
      await client.seen.changes.until(
        () => client.seen.received.length + client.seen.endings.length > 0,
      );
      expect(client.seen.endings).toEqual([]);
      expect(client.seen.received[0] === payload).toBe(true);
    }
  });
});

it("the answer to a message sent up may not go on forever either", async () => {
  await using server = await PlainServer.open(
    answering((socket, request) => {
      if (request.startsWith("GET")) {
        socket.write(eventHead + chunked("event: hello\ndata: 0\n\n"));
        return;
      }
      const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      flood(socket, head, chunked("x".repeat(65_536)));
    }),
  );
  await using client = await subscribe("sse", server.port);
  client.connection?.send(Buffer.from("up"));
  await client.seen.changes.until(() => client.seen.endings.length > 0);
  expect(client.seen.endings).toEqual(["an answer of more than 8 MiB"]);
});

describe("a poll", () => {
  const empty = "HTTP/1.1 204 No Content\r\nCursor: 0\r\n\r\n";

  it.each(["short-polling@5ms", "long-polling"])(
    "of %s that meets the end of its connection is asked again on a new one",
    async (variant) => {
      let ends = 2;
      await using server = await PlainServer.open(
        answering((socket, request) => {
          if (!request.includes("?after=") || ends === 0) return void socket.write(empty);
          ends -= 1;
          // In order once, and once by a reset.
          return ends === 1 ? socket.end() : socket.resetAndDestroy();
        }),
      );
      await using client = await subscribe(variant, server.port);
      await client.seen.changes.until(
        () => client.seen.reconnects.length === 2 || client.seen.endings.length > 0,
      );
      expect(client.seen.endings).toEqual([]);
      expect(client.seen.reconnects).toEqual([true, true]);
    },
  );

  it("is not asked again forever where new connections end without an answer as well", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) =>
        request.includes("?after=") ? socket.end() : socket.write(empty),
      ),
    );
    await using client = await subscribe("long-polling", server.port);
    await client.seen.changes.until(() => client.seen.endings.length > 0);
    expect(client.seen.endings).toEqual(["the server ended the connection"]);
    expect(client.seen.reconnects).toEqual([true, true, true]);
  });

  it("is not asked again once a byte of its answer has come", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) =>
        request.includes("?after=") ? socket.end("HTTP/1.1 20") : socket.write(empty),
      ),
    );
    await using client = await subscribe("long-polling", server.port);
    await client.seen.changes.until(() => client.seen.endings.length > 0);
    expect(client.seen.reconnects).toEqual([]);
  });

  const full = "HTTP/1.1 200 OK\r\nCursor: 1\r\n";
  const answers: readonly (readonly [string, string, readonly string[], RegExp | null])[] = [
    [
      "with trailers",
      `${full}Transfer-Encoding: chunked\r\nTrailer: A\r\n\r\n${chunked("2\nhi")}0\r\nA: b\r\n\r\n`,
      ["hi"],
      null,
    ],
    [
      "in chunks with extensions",
      `${full}Transfer-Encoding: chunked\r\n\r\n4;a="b"\r\n2\nhi\r\n0;last\r\n\r\n`,
      ["hi"],
      null,
    ],
    [
      "compressed",
      `${full}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\u0008\u0000`,
      [],
      /^the Content-Encoding is "gzip", which was not requested$/,
    ],
    [
      "compressed on its way",
      `${full}Transfer-Encoding: gzip, chunked\r\n\r\n4\r\n\u001f\u008b\u0008\u0000\r\n0\r\n\r\n`,
      [],
      /^the Transfer-Encoding is "gzip, chunked", which was not requested$/,
    ],
    [
      "of two lengths",
      `${full}Content-Length: 4\r\nContent-Length: 5\r\n\r\n2\nhi`,
      [],
      /^an answer that isn.t HTTP\/1\.1: .*Content-Length/,
    ],
    [
      "in chunks without a length",
      `${full}Transfer-Encoding: chunked\r\n\r\nzz\r\n2\nhi\r\n`,
      [],
      /^an answer that isn't HTTP\/1\.1: Invalid character in chunk size$/,
    ],
  ];

  it.each(answers)(
    "may be answered %s, or says why not",
    async (_how, answer, messages, ending) => {
      for (const variant of ["short-polling@5ms", "long-polling"]) {
        await using server = await PlainServer.open(
          answering((socket, _request, number) => {
            if (number < 2)
              for (const byte of number === 0 ? empty : answer) socket.write(byte, "latin1");
          }),
        );
        await using client = await subscribe(variant, server.port);
        const { seen } = client;
        await seen.changes.until(() => seen.received.length + seen.endings.length > 0);
        expect(seen.received).toEqual(messages);
        expect(seen.endings).toEqual(ending === null ? [] : [expect.stringMatching(ending)]);
      }
    },
  );

  it("of a server that speaks HTTP/1.0 takes a connection for each answer", async () => {
    await using server = await PlainServer.open(
      answering((socket, request) => {
        const body = request.includes("after=0") ? "2\nhi" : "";
        socket.end(`HTTP/1.0 200 OK\r\nCursor: ${body === "" ? 0 : 1}\r\n\r\n${body}`);
      }),
    );
    await using client = await subscribe("short-polling@5ms", server.port);
    await client.seen.changes.until(() => client.seen.received.length > 0);
    expect(client.seen.received).toEqual(["hi"]);
    expect(client.seen.reconnects.length).toBeGreaterThan(0);
  });
});

/** Writes `begin`, and `more` for as long as somebody reads. */
function flood(socket: Socket, begin: string, more: string | Buffer): void {
  socket.write(begin, "latin1");
  const write = (): void => {
    if (!socket.destroyed && socket.write(more)) setImmediate(write);
  };
  socket.on("drain", write);
  write();
}
