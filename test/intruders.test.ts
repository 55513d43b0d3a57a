import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { intruderKinds } from "../bench/intruders/kinds.ts";
import { Line } from "../bench/intruders/line.ts";
import type { Tried } from "../bench/intruders/requests.ts";
import { postsBeside } from "../transports/wire-form.ts";
import type { WireForm } from "../transports/wire-form.ts";

const posts = postsBeside("/sse");
const frames: WireForm = {
  ask: { method: "GET", path: "/ws/{channel}" },
  up: { by: "frames", message: "{text}" },
};
const guards: Tried["guards"] = { payloadBytes: 1_000, perSecond: 10, token: "right" };

const switching = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
const taken = "HTTP/1.1 204 No Content\r\n\r\n";

/** How one attempt ends at a server that does `serve` with each connection. */
async function tried(
  name: string,
  form: WireForm,
  serve: (socket: Socket) => void,
  limitMs = 30_000,
): Promise<Pick<Line, "refusal" | "failure" | "sentBytes">> {
  const server = createServer({ noDelay: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const door = { host: "127.0.0.1", port, tls: null };
  const kind = intruderKinds.find((kind) => kind.name === name);
  await using line = new Line(door, limitMs);
  await kind?.try(line, { door, form, guards });
  const { refusal, failure, sentBytes } = line;
  server.close();
  return { refusal, failure, sentBytes };
}

/** Answers what has come in, in as many pieces as it has bytes. */
function answering(
  answer: (heard: string) => string | null,
  end: (socket: Socket) => void = () => {},
): (socket: Socket) => void {
  return (socket) => {
    let heard = "";
    let replied = Promise.resolve();
    socket.on("error", () => {});
    const reply = async (text: string): Promise<void> => {
      for (const byte of Buffer.from(text, "latin1")) {
        socket.write(Buffer.from([byte]));
        await setImmediate();
      }
      end(socket);
    };
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      const text = answer(heard);
      if (text === null) return;
      heard = "";
      // One after another, also if what they answer comes in pieces.
      replied = replied.then(() => reply(text));
    });
  };
}

const atOnce = (text: string) => (heard: string) => (heard.includes("\r\n\r\n") ? text : null);
const afterHandshake = (text: string) => (heard: string) =>
  heard.startsWith("GET ") ? atOnce(switching)(heard) : text;

it.each([
  ["a status", "oversized", posts, answering(atOnce("HTTP/1.1 413 X\r\n\r\n")), "413"],
  [
    "a status, and then the end",
    "flood",
    posts,
    answering(atOnce("HTTP/1.1 429 X\r\n\r\n"), (socket) => socket.end()),
    "429",
  ],
  [
    "a status in the place of a handshake",
    "no-token",
    frames,
    answering(atOnce("HTTP/1.1 401 X\r\n\r\n")),
    "401",
  ],
  ["the end", "silent", posts, (socket: Socket) => socket.end(), "closed"],
  [
    "a reset",
    "silent",
    posts,
    (socket: Socket) => setImmediate().then(() => socket.resetAndDestroy()),
    "reset",
  ],
  [
    "a close code, in parts",
    "oversized",
    frames,
    answering(afterHandshake("\x88\x02\x03\xf1")),
    "1009",
  ],
  [
    "a close code behind pongs",
    "pings",
    frames,
    answering(afterHandshake("\x8a\x00\x8a\x00\x88\x02\x03\xf0")),
    "1008",
  ],
  [
    "a close code for fragments",
    "oversized-parts",
    frames,
    answering(afterHandshake("\x88\x02\x03\xf1")),
    "1009",
  ],
])("takes for a refusal: %s", async (_name, kind, form, serve, refusal) => {
  expect(await tried(kind, form, serve)).toMatchObject({ refusal, failure: null });
});

it.each([
  [
    "a message that is taken",
    "oversized",
    posts,
    answering((heard) => (heard.includes("x".repeat(16_000)) ? taken : null)),
  ],
  ["all of too many", "flood", posts, answering(atOnce(taken))],
  ["a handshake without a token", "no-token", frames, answering(atOnce(switching))],
  [
    "a pong to what is behind a large message",
    "oversized",
    frames,
    answering((heard) =>
      heard.startsWith("GET") ? switching : heard.endsWith("\x89\x80\0\0\0\0") ? "\x8a\x00" : null,
    ),
  ],
])("takes for no refusal: %s", async (_name, kind, form, serve) => {
  expect(await tried(kind, form, serve)).toMatchObject({ refusal: null, failure: null });
});

it("waits for a server that says nothing as long as it was told to, and calls it no refusal", async () => {
  const { refusal } = await tried("slow-head", posts, () => {}, 150);
  expect(refusal).toBeNull();
});

it("counts what it has sent from its first wrong byte on", async () => {
  const { sentBytes } = await tried(
    "oversized",
    posts,
    answering((heard) => (heard.endsWith("x".repeat(16_000)) ? taken : null)),
  );
  expect(sentBytes).toBeGreaterThan(16_000);
  expect(sentBytes).toBeLessThan(16_500);
  const silent = await tried("silent", posts, (socket) => socket.end());
  expect(silent.sentBytes).toBe(0);
});

it("tells from a refusal that there is no server", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await using line = new Line({ host: "127.0.0.1", port, tls: null }, 30_000);
  expect(await line.connected()).toBe(false);
  expect(line).toMatchObject({ refusal: null, failure: { code: "ECONNREFUSED" } });
});
