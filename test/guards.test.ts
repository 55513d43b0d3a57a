import { describe, expect, it } from "vitest";
import { Link } from "../bench/conformance/link.ts";
import { theoryContract } from "../bench/conformance/theory-contract.ts";
import { maskedFrame, opcodes } from "../bench/measure/websocket-frames.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { socketIo } from "../transports/socket-io.ts";
import { sse } from "../transports/sse.ts";
import { websocket } from "../transports/websocket.ts";
import {
  Stranger,
  ask,
  besideAlice,
  edges,
  requestOf,
  statusOf,
  upgrade,
  withPost,
} from "./stranger.ts";
import type { Edge } from "./stranger.ts";
import { variantsOf } from "./try-client.ts";

// What servers do with clients that break a limit, which is what its standard has; and that the others are served on.

const pollPath = "/socket.io/?EIO=4&transport=polling";
const webSocketPath = "/socket.io/?EIO=4&transport=websocket";

const overSocketIo: readonly Edge[] = [
  { transports: "polling", path: pollPath, handshake: {} },
  { transports: "websocket", path: webSocketPath, handshake: upgrade },
].map(({ transports, path, handshake }) => ({
  transport: socketIo,
  options: { transports },
  path,
  handshake,
  resume: () => ({ path, headers: handshake }),
}));

const all: readonly Edge[] = [...edges, ...overSocketIo];

/** An edge with limits, and with polls that are far below them. */
function limited<Served extends Pick<Edge, "transport" | "options">>(
  edge: Served,
  guards: Readonly<Record<string, unknown>>,
): Served {
  const polls = edge.transport.name === "short-polling" ? { intervalMs: 100 } : {};
  return { ...edge, options: { ...edge.options, ...polls, ...guards } };
}

const taken = /^(?:101|20[04])$/;

/** A limit that a busy machine doesn't have an honest client break: it pauses for tenths of a second. */
const limitMs = 500;

/** A connection on which a well-behaved client's first request has been answered. */
async function subscribed(link: Link, { path, handshake }: Edge): Promise<Stranger> {
  const stranger = new Stranger(link);
  stranger.head("GET", path, handshake);
  await stranger.until(/^HTTP\/1.1 \d{3} [^]*\r\n\r\n/);
  return stranger;
}

describe.each(all)("the server of $transport.name at $path", (edge) => {
  const { path, handshake } = edge;

  it("asks for the token, in the head or in the query: else 401, and says how", async () => {
    await besideAlice(limited(edge, { token: "secret" }), async (link) => {
      const answer = await ask(link, edge);
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="transport-bench"');
      const wrong = { ...handshake, Authorization: "Bearer Secret" };
      const refused = await ask(link, { path, headers: wrong });
      expect(refused.status).toBe(401);
      expect(refused.headers["www-authenticate"]).toMatch(/error="invalid_token"$/);
      const right = { ...handshake, Authorization: "bearer secret" };
      expect(String(await statusOf(link, path, right))).toMatch(taken);
      const query = `${path}${path.includes("?") ? "&" : "?"}access_token=secret`;
      expect(String(await statusOf(link, query, handshake))).toMatch(taken);
    });
  });

  it("takes requests of pages of the given origins, and of programs: else 403", async () => {
    await besideAlice(limited(edge, { origins: "https://app.example" }), async (link) => {
      const status = (headers: Readonly<Record<string, string>>): Promise<number> =>
        statusOf(link, path, { ...handshake, ...headers });
      expect(await status({ Origin: "https://other.example" })).toBe(403);
      expect(await status({ Origin: "http://localhost" })).toBe(403);
      expect(await status({ "Sec-Fetch-Site": "same-site" })).toBe(403);
      expect(String(await status({ Origin: "https://app.example" }))).toMatch(taken);
      expect(String(await status({}))).toMatch(taken);
    });
  });

  it("takes so many connections of an address: of one more the request is answered 429", async () => {
    const perAddress = 6;
    await besideAlice(limited(edge, { perAddress }), async (link) => {
      const { open } = link.listener;
      const within: Stranger[] = [];
      while (open.size < perAddress) {
        const stranger = await subscribed(link, edge);
        expect(stranger.text.slice(9, 12)).toMatch(taken);
        within.push(stranger);
      }
      const beyond = await subscribed(link, edge);
      await beyond.ended();
      expect(beyond.text).toMatch(/^HTTP\/1.1 429 [^]*Retry-After: 1\r\n/);
      await within[0]?.reset();
      while (open.size >= perAddress) await new Promise(setImmediate);
      const next = await subscribed(link, edge);
      expect(next.text.slice(9, 12)).toMatch(taken);
      for (const stranger of [next, ...within]) await stranger.reset();
    });
  });

  it("answers as many requests a second, and those beyond with 429", async () => {
    const perSecond = 20;
    await besideAlice(limited(edge, { perSecond }), async (link) => {
      const asking = (requests: number): Stranger => {
        const stranger = new Stranger(link);
        stranger.write(requestOf("GET", "/nowhere", {}).repeat(requests));
        return stranger;
      };
      const within = asking(perSecond);
      await within.until({ test: (text) => statusesIn(text).length === perSecond });
      const beyond = asking(2 * perSecond);
      await beyond.until({ test: (text) => statusesIn(text).length === 2 * perSecond });
      const usual = statusesIn(within.text)[0] ?? "";
      expect(new Set(statusesIn(within.text))).toEqual(new Set([usual]));
      expect(new Set(statusesIn(beyond.text))).toEqual(new Set([usual, "429"]));
      expect(beyond.text).toMatch(/Retry-After: 1\r\n/);
      for (const stranger of [within, beyond]) await stranger.reset();
    });
  });

  it("gives a request so much time to arrive: then 408", async () => {
    await besideAlice(limited(edge, { requestMs: limitMs }), async (link) => {
      for (const begun of ["", `GET ${path} HTTP/1.1\r\nHost: localhost\r\n`]) {
        const stranger = new Stranger(link);
        stranger.write(begun);
        await stranger.ended();
        expect(stranger.text).toMatch(/^HTTP\/1.1 408 /);
      }
    });
  });

  it("ends connections on which nothing is asked for, and lets clients stay", async () => {
    await besideAlice(limited(edge, { idleMs: limitMs }), async (link) => {
      const silent = new Stranger(link);
      await silent.ended();
      expect(silent.text).toBe("");
      // As Node ends them.
      expect(link.listener.http.keepAliveTimeout).toBe(limitMs);
    });
  });
});

it("a server ends connections that are kept, and not used any more", async () => {
  await besideAlice({ transport: sse, options: { idleMs: limitMs } }, async (link) => {
    const stranger = new Stranger(link);
    stranger.head("GET", "/nowhere", {});
    await stranger.until(/^HTTP\/1.1 404 /);
    await stranger.ended();
  });
});

function statusesIn(text: string): string[] {
  return [...text.matchAll(/HTTP\/1.1 (\d{3}) /g)].map(([, status = ""]) => status);
}

const payloadBytes = 100;

describe.each(withPost)("the server of $transport.name", (edge) => {
  it("takes messages of so many bytes: longer ones are answered 413", async () => {
    await besideAlice(limited(edge, { payloadBytes }), async (link) => {
      const post = (bytes: number, headers: Readonly<Record<string, string>> = {}) =>
        ask(link, { path: "/send/all", method: "POST", headers, body: Buffer.alloc(bytes, "x") });
      expect((await post(payloadBytes)).status).toBe(204);
      expect((await post(payloadBytes + 1)).status).toBe(413);
      expect((await post(payloadBytes + 1, { "Transfer-Encoding": "chunked" })).status).toBe(413);
      const announced = new Stranger(link);
      announced.head("POST", "/send/all", { "Content-Length": "1000000000" });
      await announced.ended();
      expect(announced.text).toMatch(/^HTTP\/1.1 413 /);
      expect(link.upstream).toHaveLength(1);
    });
  });

  it("gives a body so much time to arrive: then 408", async () => {
    await besideAlice(limited(edge, { requestMs: limitMs }), async (link) => {
      const stranger = new Stranger(link);
      stranger.head("POST", "/send/all", { "Content-Length": "10" }, Buffer.from("half"));
      await stranger.ended();
      expect(stranger.text).toMatch(/^HTTP\/1.1 408 /);
    });
  });
});

const ping = maskedFrame(opcodes.ping, Buffer.alloc(0));

/** The beginning of a message in pieces, and one more piece of it. */
const firstPiece = Buffer.from([1, 0x80 + 60, 0, 0, 0, 0, ...Buffer.alloc(60, "x")]);
const nextPiece = Buffer.from([0, 0x80 + 60, 0, 0, 0, 0, ...Buffer.alloc(60, "x")]);

/** The head of a longer frame of text. */
function headOf(bytes: number): Buffer {
  return Buffer.from([0x81, 0xfe, bytes >> 8, bytes & 255, 0, 0, 0, 0]);
}

/** A close frame with that status. */
function closing(status: number): RegExp {
  const code = String.fromCharCode(status >> 8, status & 255);
  return new RegExp(`\\x88[\\x02-\\x7d]${code}`, "s");
}

const webSockets = all.filter((edge) => edge.handshake === upgrade);

describe.each(webSockets)("the WebSocket of $transport.name", (edge) => {
  it.each([
    ["pings", ping],
    ["messages", maskedFrame(opcodes.text, Buffer.from("2"))],
    ["pieces of a message", Buffer.from([0, 0x80, 0, 0, 0, 0])],
  ])("is closed with 1008 for too many %s", async (what, frame) => {
    const perSecond = 20;
    await besideAlice(limited(edge, { perSecond }), async (link) => {
      const stranger = await subscribed(link, edge);
      if (what === "pieces of a message") stranger.write(firstPiece);
      stranger.write(Buffer.concat(Array.from({ length: 3 * perSecond }, () => frame)));
      await stranger.until(closing(1008));
      await stranger.reset();
    });
  });

  it("ends when it has been closed, whatever is still sent", async () => {
    await besideAlice(limited(edge, { perSecond: 5 }), async (link) => {
      const stranger = await subscribed(link, edge);
      stranger.write(Buffer.concat(Array.from({ length: 10 }, () => ping)));
      await stranger.until(closing(1008));
      stranger.write(ping);
      await stranger.ended();
    });
  });

  it("is not for as many as it may send at once", async () => {
    const perSecond = 20;
    await besideAlice(limited(edge, { perSecond }), async (link) => {
      const stranger = await subscribed(link, edge);
      // The handshake was one.
      stranger.write(Buffer.concat(Array.from({ length: perSecond - 1 }, () => ping)));
      await stranger.until({ test: (text) => text.split("\x8a\0").length === perSecond });
      expect(stranger.text).not.toMatch(closing(1008));
      await stranger.reset();
    });
  });

  const most = edge.transport === websocket ? payloadBytes : 2 * payloadBytes + 1_024;

  it.each([
    ["as soon as its head has come", headOf(most + 1)],
    ["in pieces", Buffer.concat([firstPiece, ...Array.from({ length: 20 }, () => nextPiece)])],
  ])("is closed with 1009 for too long a message, %s", async (_when, frames) => {
    await besideAlice(limited(edge, { payloadBytes }), async (link) => {
      const stranger = await subscribed(link, edge);
      stranger.write(frames);
      await stranger.until(closing(1009));
      expect(link.upstream).toEqual([]);
      await stranger.reset();
    });
  });
});

it("a WebSocket takes messages of as many bytes as it may", async () => {
  const edge = { transport: websocket, options: { payloadBytes } };
  await besideAlice(edge, async (link) => {
    await using bob = await link.connect();
    bob.connection.send(Buffer.alloc(payloadBytes, "x"));
    expect(await link.sentUp(1)).toHaveLength(1);
    bob.connection.send(Buffer.alloc(payloadBytes + 1, "x"));
    await bob.seen.changes.until(() => bob.seen.endings.length === 1);
    expect(bob.seen.endings[0]).toMatch(/1009/);
  });
});

describe.each(overSocketIo)("Socket.IO at $path", (edge) => {
  it("ends clients that send a longer message", async () => {
    await besideAlice(limited(edge, { payloadBytes }), async (link) => {
      await using bob = await link.connect();
      bob.connection.send(Buffer.alloc(payloadBytes, "x"));
      expect(await link.sentUp(1)).toHaveLength(1);
      bob.connection.send(Buffer.alloc(payloadBytes + 1, "x"));
      await bob.seen.changes.until(() => bob.seen.endings.length === 1);
      expect(link.upstream).toHaveLength(1);
    });
  });

  it("ends clients that have not said which channel they want", async () => {
    await besideAlice(limited(edge, { idleMs: limitMs }), async (link) => {
      const stranger = await subscribed(link, edge);
      await stranger.ended();
    });
  });
});

const polls = { transport: socketIo, options: { transports: "polling" } };

/** A client of Engine.IO that polls, and sends packets up. */
async function session(link: Link): Promise<{
  readonly poll: () => Promise<string>;
  readonly send: (packets: string) => ReturnType<typeof ask>;
}> {
  const { body } = await ask(link, { path: pollPath });
  const { sid } = JSON.parse(body.slice(1));
  const path = `${pollPath}&sid=${sid}`;
  return {
    poll: async () => (await ask(link, { path })).body,
    send: (packets) => ask(link, { path, method: "POST", body: Buffer.from(packets) }),
  };
}

it.each([1_024, 60_000])(
  "Socket.IO's polls are answered 413 for requests with %d B too many",
  async (bytes) => {
    await besideAlice(limited(polls, { payloadBytes }), async (link) => {
      const { send } = await session(link);
      expect((await send(`4${"x".repeat(2 * payloadBytes + bytes)}`)).status).toBe(413);
    });
  },
);

it("Socket.IO's polls are closed by a packet for too many packets in one request", async () => {
  await besideAlice(limited(polls, { perSecond: 20 }), async (link) => {
    const { poll, send } = await session(link);
    const packets = Array.from({ length: 60 }, () => "3").join("\x1e");
    const [polled] = await Promise.all([poll(), send(packets)]);
    expect(polled).toBe("1");
  });
});

const everyClient = [
  ...["sse", "streaming", "websocket", "long-polling"].flatMap((name) => variantsOf(name)),
  ...variantsOf("short-polling", "@5ms"),
  "socket.io",
  "socket.io@websocket",
  "socket.io@polling",
  "sse+h2c",
  "streaming+h2",
  "websocket+h2c",
  "long-polling+h2c",
  "sse+headers=browser",
];

it.each(everyClient)("%s sends the token with all that it asks", async (name) => {
  const { bound } = parseVariant(`${name}+token=secret`);
  await using link = await Link.open(bound);
  await using alice = await link.connect();
  if (bound.sends) {
    alice.connection.send(Buffer.from("up"));
    expect(await link.sentUp(1)).toEqual([{ channel: "all", payload: "up" }]);
  }
  link.publish("down");
  expect(await alice.received(1)).toEqual(["down"]);
});

describe.each(["sse", "long-polling", "streaming+headers=browser", "long-polling:fetch"])(
  "%s with a token, and with a limit on idle connections",
  (name) => {
    theoryContract(parseVariant(`${name}+token=secret+idle=2s`).bound, it);
  },
);
