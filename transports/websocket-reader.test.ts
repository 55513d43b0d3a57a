import { describe, expect, it } from "vitest";
import { cuts, readShared } from "../test/pieces.ts";
import { ProtocolError } from "./protocol-error.ts";
import { maxMessageBytes } from "./transport.ts";
import { WebSocketReader } from "./websocket-reader.ts";

/** What frames bring, in words. */
function taken(...pieces: readonly Buffer[]): string[] {
  const events: string[] = [];
  const told = (what: string) => (data: Buffer) => events.push(`${what} ${shown(data)}`);
  const reader = new WebSocketReader({
    message: (payload, isBinary) => events.push(`${isBinary ? "bytes" : "text"} ${shown(payload)}`),
    ping: told("ping"),
    pong: told("pong"),
    close: (code, reason) => events.push(`close ${code} ${reason}`),
  });
  readShared(pieces, (chunk, from, to) => reader.read(chunk, from, to));
  return events;
}

function shown(data: Buffer): string {
  const text = data.toString();
  return text.length < 100 ? text : `${text.slice(0, 3)}… (${data.length})`;
}

function frame(first: number, payload: Buffer | string = ""): Buffer {
  const body = Buffer.from(payload);
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(body.length));
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  const length =
    body.length < 65_536 ? Buffer.from([126, ...long.subarray(6)]) : Buffer.from([127, ...long]);
  return Buffer.concat([Buffer.from([first]), length, body]);
}

const bytesOf = (text: string): Buffer => Buffer.from(text);
const [grin, rest] = [bytesOf("😀").subarray(0, 2), bytesOf("😀").subarray(2)];

const stream = Buffer.concat([
  frame(0x81, "12"),
  frame(0x82, bytesOf("bytes")),
  frame(0x81),
  frame(0x89, "are you there?"),
  // In three parts, with others between that control the connection, and a character that is cut.
  frame(0x01, grin),
  frame(0x89),
  frame(0x00, Buffer.concat([rest, bytesOf("!")])),
  frame(0x8a, "gap 30"),
  frame(0x80, "end"),
  frame(0x02),
  frame(0x80, "late"),
  frame(0x81, "a".repeat(125)),
  frame(0x81, "b".repeat(126)),
  frame(0x81, "Grüße, 世界, 🚀"),
  frame(0x88, Buffer.concat([Buffer.from([3, 232]), bytesOf("bye")])),
  frame(0x81, "nobody reads it"),
]);

const events = [
  "text 12",
  "bytes bytes",
  "text ",
  "ping are you there?",
  "ping ",
  "pong gap 30",
  "text 😀!end",
  "bytes late",
  "text aaa… (125)",
  "text bbb… (126)",
  "text Grüße, 世界, 🚀",
  "close 1000 bye",
];

it("reads frames of all kinds, wherever they are cut", () => {
  for (const pieces of cuts(stream)) expect(taken(...pieces)).toEqual(events);
});

it.each([65_535, 65_536, maxMessageBytes])("reads a message of %d bytes", (bytes) => {
  const long = frame(0x82, Buffer.alloc(bytes, "x"));
  const pieces: Buffer[] = [];
  for (let at = 0; at < long.length; at += 40_000) pieces.push(long.subarray(at, at + 40_000));
  expect(taken(...pieces, frame(0x81, "next"))).toEqual([`bytes xxx… (${bytes})`, "text next"]);
});

it("hands over what lies whole in a chunk where it lies", () => {
  const chunk = Buffer.concat([frame(0x82, "one"), frame(0x82, "two")]);
  const payloads: Buffer[] = [];
  const nobody = (): void => {};
  new WebSocketReader({
    message: (payload) => payloads.push(payload),
    ping: nobody,
    pong: nobody,
    close: nobody,
  }).read(chunk, 0, chunk.length);
  expect(payloads.map(({ buffer, byteOffset }) => [buffer === chunk.buffer, byteOffset])).toEqual([
    [true, chunk.byteOffset + 2],
    [true, chunk.byteOffset + 7],
  ]);
});

describe("refuses", () => {
  it.each<[string, Buffer, string]>([
    ["a reserved bit", frame(0xc1, "x"), "RSV1 must be clear"],
    ["the others", frame(0x91, "x"), "RSV2 and RSV3 must be clear"],
    ["a mask", Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]), "MASK must be clear"],
    ["an unknown opcode", frame(0x83), "invalid opcode 3"],
    ["the rest of nothing", frame(0x80), "invalid opcode 0"],
    ["a long ping", frame(0x89, "x".repeat(126)), "invalid payload length 126"],
    ["bytes that are no text", frame(0x81, Buffer.from([0xff])), "invalid UTF-8 sequence"],
    ["a character that doesn't end", frame(0x81, grin), "invalid UTF-8 sequence"],
  ])("%s, wherever it is cut", (_what, bytes, why) => {
    for (const pieces of cuts(bytes)) {
      expect(() => taken(...pieces)).toThrow(new ProtocolError(`Invalid WebSocket frame: ${why}`));
    }
  });

  it("more than 8 MiB as soon as they are announced, or have come in parts", () => {
    const announced = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x80, 0, 1]);
    for (const pieces of cuts(announced).slice(0, 9)) {
      expect(() => taken(...pieces)).toThrow("a message of more than 8 MiB");
    }
    const half = Buffer.alloc(maxMessageBytes / 2 + 1);
    expect(() => taken(frame(0x02, half), frame(0x80, half))).toThrow("more than 8 MiB");
  });
});
