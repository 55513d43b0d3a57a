import { once } from "node:events";
import { connect } from "node:http2";
import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2";
import { describe, expect, it } from "vitest";
import type { Link } from "../bench/conformance/link.ts";
import { maskedFrame, opcodes } from "../bench/measure/websocket-frames.ts";
import { longPolling } from "../transports/long-polling.ts";
import { shortPolling } from "../transports/short-polling.ts";
import { sse } from "../transports/sse.ts";
import { streaming } from "../transports/streaming.ts";
import { websocket } from "../transports/websocket.ts";
import { frameOf, preface, settled } from "./http2-frames.ts";
import { Stranger, besideAlice } from "./stranger.ts";

// What servers of HTTP/2 do with clients that break a limit.

/** A client's session, whose end is no error. */
async function sessionTo({ listener }: Link): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${listener.port}`);
  session.on("error", () => {});
  await once(session, "remoteSettings");
  return session;
}

/** The head of the answer to a request whose body, if there is one, doesn't end. */
async function answerTo(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body = "",
): Promise<OutgoingHttpHeaders> {
  const stream = session.request(headers, { endStream: false });
  stream.on("error", () => {});
  if (body !== "") stream.write(body);
  else if (headers[":method"] !== "CONNECT") stream.end();
  // Node 24 keeps a session until its answers have been read, or their streams would count as open.
  stream.resume();
  const [answer] = await once(stream, "response");
  stream.close();
  return answer;
}
/** A limit that a busy machine doesn't have an honest client break: it pauses for tenths of a second. */
const limitMs = 500;

const connecting = {
  ":method": "CONNECT",
  ":protocol": "websocket",
  "sec-websocket-version": "13",
};

const servers = [
  { transport: shortPolling, asked: { ":path": "/poll/all" } },
  { transport: longPolling, asked: { ":path": "/poll/all" } },
  { transport: sse, asked: { ":path": "/sse/all" } },
  { transport: streaming, asked: { ":path": "/stream/all" } },
  { transport: websocket, asked: { ...connecting, ":path": "/ws/all" } },
] as const;

type Guarded = (
  guards: Readonly<Record<string, unknown>>,
  body: (link: Link) => Promise<void>,
) => Promise<void>;

describe.each(servers)("the server of $transport.name over HTTP/2", ({ transport, asked }) => {
  const polls = transport === shortPolling ? { intervalMs: 100 } : {};
  const beside: Guarded = (guards, body) =>
    besideAlice({ transport, options: { h2c: true, ...polls, ...guards } }, body);

  it("asks for the token, and for pages of its origins", async () => {
    await beside({ token: "secret", origins: "https://app.example" }, async (link) => {
      const session = await sessionTo(link);
      const status = async (headers: OutgoingHttpHeaders): Promise<unknown> =>
        (await answerTo(session, { ...asked, ...headers }))[":status"];
      const answer = await answerTo(session, asked);
      expect(answer[":status"]).toBe(401);
      expect(answer["www-authenticate"]).toMatch(/^Bearer realm=/);
      const authorization = "Bearer secret";
      expect(await status({ authorization, origin: "https://other.example" })).toBe(403);
      expect(await status({ authorization, origin: "https://app.example" })).toBeLessThan(300);
      expect(await status({ ":path": `${asked[":path"]}?access_token=secret` })).toBeLessThan(300);
      session.destroy();
    });
  });

  it("answers 429 on one session more of an address, and says good-bye", async () => {
    await beside({ perAddress: 2 }, async (link) => {
      const within = await sessionTo(link);
      expect((await answerTo(within, asked))[":status"]).toBeLessThan(300);
      const beyond = await sessionTo(link);
      const [answer] = await Promise.all([answerTo(beyond, asked), once(beyond, "close")]);
      expect(answer).toMatchObject({ ":status": 429, "retry-after": "1" });
      within.destroy();
    });
  });

  it("answers requests beyond the limit with 429", async () => {
    await beside({ perSecond: 20 }, async (link) => {
      const session = await sessionTo(link);
      const requests = Array.from({ length: 60 }, () => answerTo(session, { ":path": "/nowhere" }));
      const answers = await Promise.all(requests);
      expect(answers.map((answer) => answer[":status"])).toContain(429);
      expect(answers[0]?.[":status"]).not.toBe(429);
      session.destroy();
    });
  });

  it.each([
    ["pings", frameOf("ping", 0, Buffer.alloc(8))],
    ["settings", frameOf("settings", 0)],
  ])("ends a session with ENHANCE_YOUR_CALM for too many %s", async (_what, frame) => {
    await beside({ perSecond: 20 }, async (link) => {
      const stranger = new Stranger(link);
      const flood = Array.from({ length: 60 }, () => frame);
      stranger.write(Buffer.concat([preface, settled, ...flood]));
      await stranger.ended();
      // The type of GOAWAY, without flags, on stream 0; the last stream, and the code.
      expect(stranger.text).toMatch(/\x07\0\0\0\0\0[^]{4}\0\0\0\x0b/);
    });
  });

  it("ends sessions on which nothing is asked for, and lets clients stay", async () => {
    await beside({ idleMs: limitMs }, async (link) => {
      const silent = new Stranger(link);
      await silent.ended();
      const idle = await sessionTo(link);
      await Promise.all([answerTo(idle, { ":path": "/nowhere" }), once(idle, "close")]);
    });
  });
});

const withPost = servers.filter(({ transport }) => transport !== websocket);

describe.each(withPost)("the server of $transport.name over HTTP/2", ({ transport }) => {
  const polls = transport === shortPolling ? { intervalMs: 100 } : {};
  const beside: Guarded = (guards, body) =>
    besideAlice({ transport, options: { h2c: true, ...polls, ...guards } }, body);
  const post = { ":method": "POST", ":path": "/send/all" };

  it("answers longer messages with 413", async () => {
    await beside({ payloadBytes: 100 }, async (link) => {
      const session = await sessionTo(link);
      const announced = { ...post, "content-length": "1000000" };
      expect((await answerTo(session, announced, "x"))[":status"]).toBe(413);
      expect((await answerTo(session, post, "x".repeat(101)))[":status"]).toBe(413);
      session.destroy();
    });
  });

  it("gives a body so much time to arrive: then 408", async () => {
    await beside({ requestMs: limitMs }, async (link) => {
      const session = await sessionTo(link);
      expect((await answerTo(session, post, "half"))[":status"]).toBe(408);
      session.destroy();
    });
  });
});

it("a WebSocket over HTTP/2 is closed with 1008 for too many frames", async () => {
  const edge = { transport: websocket, options: { h2c: true, perSecond: 20 } };
  await besideAlice(edge, async (link) => {
    const session = await sessionTo(link);
    const stream = session.request({ ...connecting, ":path": "/ws/all" });
    let received = "";
    stream.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
    await once(stream, "data");
    const ping = maskedFrame(opcodes.ping, Buffer.alloc(0));
    stream.write(Buffer.concat(Array.from({ length: 60 }, () => ping)));
    await once(stream, "close");
    expect(received).toMatch(/\x88[\x02-\x7d]\x03\xf0/);
    session.destroy();
  });
});
