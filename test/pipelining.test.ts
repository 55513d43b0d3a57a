import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { sse } from "../transports/sse.ts";
import type { Link } from "../bench/conformance/link.ts";
import { Stranger, besideAlice, edges, requestOf, upgrade, withPost } from "./stranger.ts";

// Requests that come before the one before them is answered (RFC 9112, 9.3.2): in a line, in one piece, on
// one connection.

/** What a server has open that could keep it busy. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

/** Resolves when the server's socket of the next connection has closed. */
function nextClosed(link: Link): Promise<void> {
  return new Promise((resolve) => {
    link.listener.http.once("connection", (socket: Socket) =>
      socket.once("close", () => resolve()),
    );
  });
}

function occurrences(text: string, what: string): number {
  return text.split(what).length - 1;
}

describe.each(edges)("the server of $transport.name", (edge) => {
  it("hangs up on a client that doesn't wait for 3 000 answers, and keeps nothing of it", async () => {
    const { path, headers } = edge.resume("0");
    await besideAlice(edge, async (link) => {
      const closed = nextClosed(link);
      const stranger = new Stranger(link);
      stranger.write(requestOf("GET", path, headers).repeat(3_000));
      await stranger.ended();
      await closed;
      // A heartbeat or a hold for each of them would be some thousands.
      expect(timers()).toBeLessThan(20);
    });
  });
});

describe.each(withPost)("the server of $transport.name", (edge) => {
  it("puts each message into an answer once", async () => {
    const { path, headers } = edge.resume("0");
    await besideAlice(edge, async (link) => {
      const asked = new Promise((resolve) => link.listener.http.once("request", resolve));
      const stranger = new Stranger(link);
      stranger.write(requestOf("GET", path, headers).repeat(3));
      await asked;
      link.publish("once in an answer");
      await stranger.until(/once in an answer|(?:HTTP\/1.1 204 .*){3}/s);
      link.publish("and no more");
      for (const answer of stranger.text.split("HTTP/1.1 "))
        expect(occurrences(answer, "once in an answer")).toBeLessThanOrEqual(1);
      await stranger.reset();
    });
  });

  it("takes messages that are sent in a line, in their order", async () => {
    await besideAlice(edge, async (link) => {
      const sent = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      const stranger = new Stranger(link);
      const headers = { "Transfer-Encoding": "chunked" };
      stranger.write(
        sent
          .map((text) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`)
          .map((body) => requestOf("POST", "/send/all", headers) + body)
          .join(""),
      );
      await link.upstreamChanges.until(() => link.upstream.length === sent.length);
      expect(link.upstream.map(({ payload }) => payload)).toEqual(sent);
      await stranger.until({ test: (text) => occurrences(text, "HTTP/1.1 204") === sent.length });
      await stranger.reset();
    });
  });

  it("answers what is behind a request that expects too much", async () => {
    await besideAlice(edge, async (link) => {
      const post = (headers: Readonly<Record<string, string>>): string =>
        `${requestOf("POST", "/send/other", { "Content-Length": "1", ...headers })}x`;
      const stranger = new Stranger(link);
      stranger.write(post({}) + post({ Expect: "nonsense" }) + post({ Expect: "100-continue" }));
      await stranger.until({ test: (text) => occurrences(text, "HTTP/1.1 204") === 2 });
      const statuses = Array.from(stranger.text.matchAll(/HTTP\/1.1 (\d+)/g), ([, code]) => code);
      expect(statuses.filter((code) => code !== "100")).toEqual(["204", "417", "204"]);
      await stranger.reset();
    });
  });

  it("answers a message and then the request behind it", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      const post = requestOf("POST", "/send/all", { "Content-Length": "1" });
      stranger.write(`${post}x${requestOf("GET", edge.path, {})}`);
      await stranger.until(/^HTTP\/1.1 204 .*\r\n\r\nHTTP\/1.1 20[04] /s);
      await stranger.reset();
    });
  });
});

it("keeps what comes behind an event stream waiting, and lets go of it with the stream", async () => {
  const quick = { transport: sse, options: { heartbeatMs: 1 } };
  await besideAlice(quick, async (link) => {
    const closed = nextClosed(link);
    const stranger = new Stranger(link);
    const post = requestOf("POST", "/send/all", { "Content-Length": "1" });
    stranger.write(`${requestOf("GET", "/sse/all", {}).repeat(2)}${post}x`);
    await stranger.until(/(?:\r\n:\n\n.*){5}/s);
    expect(occurrences(stranger.text, "HTTP/1.1 200")).toBe(1);
    expect(occurrences(stranger.text, "event: hello")).toBe(1);
    await stranger.reset();
    await closed;
    expect(link.upstream).toEqual([]);
  });
});

it("upgrades to WebSocket when the requests before have been answered", async () => {
  const edge = edges.find(({ transport }) => transport.name === "websocket");
  if (edge === undefined) throw new Error("there is WebSocket");
  await besideAlice(edge, async (link) => {
    const stranger = new Stranger(link);
    const plain = requestOf("GET", "/nowhere", {});
    stranger.write(`${plain.repeat(3)}${requestOf("GET", "/ws/all", upgrade)}`);
    await stranger.until(/^(?:HTTP\/1.1 426 .*){3}HTTP\/1.1 101 .*\r\n\r\n\u0081\u0001\d$/s);
    link.publish("in a frame");
    await stranger.until(/\u0081\u000ain a frame$/);
    await stranger.reset();
  });
});

it("survives a client that vanishes while its upgrade waits", async () => {
  const edge = edges.find(({ transport }) => transport.name === "websocket");
  if (edge === undefined) throw new Error("there is WebSocket");
  await besideAlice(edge, async (link) => {
    const closed = nextClosed(link);
    const stranger = new Stranger(link);
    const plain = requestOf("GET", "/nowhere", {});
    stranger.write(`${plain.repeat(90)}${requestOf("GET", "/ws/all", upgrade)}`);
    await stranger.reset();
    await closed;
  });
});
