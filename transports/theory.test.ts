import { describe, expect, it } from "vitest";
import { compressedContents } from "./layers.ts";
import { longPolling } from "./long-polling.ts";
import { shortPolling } from "./short-polling.ts";
import { socketIo } from "./socket-io.ts";
import { sse } from "./sse.ts";
import { streaming } from "./streaming.ts";
import { tcp } from "./tcp.ts";
import type { AnyTransport } from "./define-transport.ts";
import { compressedHeads } from "./theory.ts";
import type { Theory } from "./theory.ts";
import { websocket } from "./websocket.ts";

function theoryOf(transport: AnyTransport, options: Record<string, unknown> = {}): Theory {
  const { theory } = transport.configure("default", options);
  if (theory === null) throw new Error(`${transport.name} has no theory`);
  return theory;
}

const place = { channel: "all", authority: "localhost" };
const one = { ...place, messages: 1, number: 1 };

/** A message of HTTP as it crosses the wire. */
function text(...lines: readonly string[]): number {
  return lines.join("\r\n").length;
}

describe("the theory of WebSocket", () => {
  it.each([
    [0, 2],
    [125, 127],
    [126, 130],
    [65_535, 65_539],
    [65_536, 65_546],
  ])("makes a frame of %d bytes %d on its way down, and 4 more on its way up", (bytes, frame) => {
    const theory = theoryOf(websocket);
    expect(theory.down({ ...one, payloadBytes: bytes })).toEqual({ down: frame, up: 0 });
    expect(theory.up({ ...place, payloadBytes: bytes })).toEqual({ down: 0, up: frame + 4 });
  });
});

describe("the theory of server-sent events", () => {
  it.each([
    ["hello", 7, "13\r\nid: 7\ndata: hello\n\n\r\n"],
    ["x", 10, "10\r\nid: 10\ndata: x\n\n\r\n"],
    ["", 9, "e\r\nid: 9\ndata: \n\n\r\n"],
    ["y".repeat(241), 12, `100\r\nid: 12\ndata: ${"y".repeat(241)}\n\n\r\n`],
  ])("is that of a chunk with an event, of data %j and id %d", (payload, number, chunk) => {
    const delivery = { ...one, number, payloadBytes: payload.length };
    expect(Number.parseInt(chunk, 16)).toBe(chunk.length - chunk.indexOf("\n") - 3);
    expect(theoryOf(sse).down(delivery)).toEqual({ down: chunk.length, up: 0 });
  });
});

describe("the theory of lines of JSON", () => {
  it.each([
    ["hello", 7, '18\r\n{"id":7,"data":"hello"}\n\r\n'],
    ["", 10, '14\r\n{"id":10,"data":""}\n\r\n'],
    ["y".repeat(236), 12, `100\r\n{"id":12,"data":"${"y".repeat(236)}"}\n\r\n`],
  ])("is that of a chunk with a line, of data %j and id %d", (payload, number, chunk) => {
    const delivery = { ...one, number, payloadBytes: payload.length };
    expect(Number.parseInt(chunk, 16)).toBe(chunk.length - chunk.indexOf("\n") - 3);
    expect(theoryOf(streaming).down(delivery)).toEqual({ down: chunk.length, up: 0 });
  });

  it("is that of a hello whose chunk gets longer than fifteen bytes", () => {
    const down = (number: number): number =>
      theoryOf(streaming).handshake({ ...place, number })?.down ?? Number.NaN;
    expect(down(10_000) - down(9_999)).toBe(2);
    expect(down(9_999) - down(0)).toBe(3);
  });
});

describe("the theory of Socket.IO", () => {
  it.each([
    ["hello", '42["m","hello"]', 2],
    ["y".repeat(115), `42["m","${"y".repeat(115)}"]`, 2],
    ["y".repeat(116), `42["m","${"y".repeat(116)}"]`, 4],
  ])("is that of a frame with the event m, of payload %j", (payload, packet, head) => {
    const theory = theoryOf(socketIo);
    const { length: payloadBytes } = payload;
    const frame = head + packet.length;
    expect(theory.down({ ...one, payloadBytes })).toEqual({ down: frame, up: 0 });
    expect(theory.up({ ...place, payloadBytes })).toEqual({ down: 0, up: frame + 4 });
  });

  it.each([
    ["hello", "\xc4\x05"],
    ["y".repeat(255), "\xc4\xff"],
    ["y".repeat(256), "\xc5\x01\x00"],
    ["y".repeat(65_536), "\xc6\x00\x01\x00\x00"],
  ])("with MessagePack, is that of a map, with options from the client", (payload, head) => {
    const theory = theoryOf(socketIo, { msgpack: true });
    const { length: payloadBytes } = payload;
    const start = `\x83\xa4type\x02\xa4data\x92\xa1m${head}${payload}`;
    const down = start.length + "\xa3nsp\xa1/".length;
    const up = down + "\xa7options\x81\xa8compress\xc3".length;
    const framed = (bytes: number): number => bytes + (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10);
    expect(theory.down({ ...one, payloadBytes })).toEqual({ down: framed(down), up: 0 });
    expect(theory.up({ ...place, payloadBytes })).toEqual({ down: 0, up: framed(up) + 4 });
  });

  it("says nothing of a set-up that ends in an upgrade, whose polls are a matter of timing", () => {
    const greeting = { ...place, number: 128 };
    expect(theoryOf(socketIo).handshake(greeting)).toBe(null);
    const direct = (options: object) =>
      theoryOf(socketIo, { transports: "websocket", ...options }).handshake(greeting);
    expect(direct({})).toEqual({ down: 3, up: "localhost".length });
    expect(direct({ msgpack: true })).toEqual({ down: 2, up: "localhost".length });
  });

  it.each([{ transports: "polling" }, { ack: true }, { recovery: true }])(
    "is none for %j, where lengths are random or count up",
    (options) => {
      const { theory, noTheory } = socketIo.configure("default", options);
      expect(theory).toBe(null);
      expect(noTheory.deliveries).toMatch(/length/);
    },
  );
});

describe("the theory of polling", () => {
  const request = (after: number): number =>
    text(
      `GET /poll/all?after=${after} HTTP/1.1`,
      "host: localhost",
      "connection: keep-alive",
      "",
      "",
    );
  const answer = (bodyBytes: number, cursor: number, timeout: number): number =>
    text(
      "HTTP/1.1 200 OK",
      "Content-Type: application/octet-stream",
      `Content-Length: ${bodyBytes}`,
      "Cache-Control: no-store",
      `Cursor: ${cursor}`,
      "Date: Mon, 23 Nov 2026 13:06:17 GMT",
      "Connection: keep-alive",
      `Keep-Alive: timeout=${timeout}`,
      "",
      "",
    );

  it("is that of a request and its answer", () => {
    expect(theoryOf(longPolling).down({ ...one, payloadBytes: 5 })).toEqual({
      down: answer(7, 1, 60) + 7,
      up: request(0),
    });
  });

  it("counts all messages of an answer, each with its length before it", () => {
    const three = { ...place, payloadBytes: 100, messages: 3, number: 12 };
    expect(theoryOf(longPolling).down(three)).toEqual({
      down: answer(312, 12, 60) + 312,
      up: request(9),
    });
  });

  it.each([
    ["20ms", 5],
    ["1s", 7],
    ["2600ms", 10],
    ["60s", 125],
  ])("has the whole seconds of the keep-alive that an interval of %s asks for", (interval, s) => {
    const theory = theoryOf(shortPolling, { intervalMs: interval });
    expect(theory.down({ ...one, payloadBytes: 5 }).down).toBe(answer(7, 1, s) + 7);
  });

  it("is that of a POST and its answer on the way up", () => {
    expect(theoryOf(longPolling).up({ ...place, payloadBytes: 1_000 })).toEqual({
      down: text(
        "HTTP/1.1 204 No Content",
        "Date: Mon, 23 Nov 2026 13:06:17 GMT",
        "Connection: keep-alive",
        "Keep-Alive: timeout=60",
        "",
        "",
      ),
      up: text(
        "POST /send/all HTTP/1.1",
        "host: localhost",
        "connection: keep-alive",
        "content-length: 1000",
        "",
        "x".repeat(1_000),
      ),
    });
  });
});

describe("the theory of tcp", () => {
  it("is four bytes more than the payload, either way", () => {
    const theory = theoryOf(tcp);
    expect(theory.down({ ...one, payloadBytes: 70_000 })).toEqual({ down: 70_004, up: 0 });
    expect(theory.up({ ...place, payloadBytes: 0 })).toEqual({ down: 0, up: 4 });
  });
});

describe("a variant without a theory", () => {
  const none = { deliveries: null, upstream: null };
  it.each([
    [sse, {}, none],
    [sse, { h2: "true" }, { ...none, upstream: compressedHeads }],
    [longPolling, { h2c: "true" }, { deliveries: compressedHeads, upstream: compressedHeads }],
    [
      websocket,
      { deflate: "true" },
      { deliveries: compressedContents, upstream: compressedContents },
    ],
  ])("says why: %o with %j", (transport, options, why) => {
    expect(transport.configure("default", options).noTheory).toEqual(why);
  });
});
