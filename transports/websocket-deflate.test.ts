import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { disagreement, watchMessages } from "./websocket-deflate.ts";

const text = 0x81;
const compressed = 0xc1;
const binary = 0x82;
const ping = 0x89;
const close = 0x88;

/** A frame as `ws` writes it, its head and its payload apart. */
function frameOf(first: number, payloadBytes: number): Buffer[] {
  const head = Buffer.from([first, payloadBytes]);
  const long = Buffer.from([first, 126, 0, 0]);
  const longest = Buffer.from([first, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (payloadBytes > 125) long.writeUInt16BE(payloadBytes % 65_536, 2);
  longest.writeUInt32BE(payloadBytes, 6);
  const fitting = payloadBytes < 126 ? head : payloadBytes < 65_536 ? long : longest;
  return payloadBytes === 0 ? [fitting] : [fitting, Buffer.alloc(payloadBytes, ping)];
}

it("tells the frames of messages from a hello, and from those that control the WebSocket", () => {
  const stream = new PassThrough({ highWaterMark: 1_000_000 });
  const sizes: number[] = [];
  watchMessages(stream, ({ length }) => sizes.push(length));
  const written = [
    frameOf(ping, 0),
    frameOf(compressed, 3),
    frameOf(compressed, 0),
    frameOf(ping, 3),
    frameOf(text, 125),
    frameOf(binary, 126),
    [Buffer.concat(frameOf(compressed, 300))],
    frameOf(compressed, 70_000),
    frameOf(close, 2),
  ].flat();
  for (const piece of written) stream.write(piece);
  expect(sizes).toEqual([2, 127, 130, 304, 70_010]);
  expect(Buffer.concat(written).equals(stream.read())).toBe(true);
});

describe("what a server agrees to", () => {
  const both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  it.each([
    [undefined, undefined],
    [undefined, "x-other"],
    ["takeover", "permessage-deflate; client_max_window_bits=15"],
    ["no-takeover", both],
  ] as const)("may be measured as +deflate=%s: %s", (deflate, agreed) => {
    expect(disagreement({ deflate }, agreed)).toBeNull();
  });

  it.each([
    [undefined, "permessage-deflate", "the server compresses: name it +deflate"],
    ["takeover", undefined, "doesn't agree to permessage-deflate"],
    ["takeover", both, "has server_no_context_takeover: name it +deflate=no-takeover"],
    [
      "takeover",
      "permessage-deflate; client_no_context_takeover",
      "has client_no_context_takeover: name it +deflate=no-takeover",
    ],
    ["no-takeover", "permessage-deflate", "keeps a history of messages: name it +deflate"],
  ] as const)("is told apart from +deflate=%s: %s", (deflate, agreed, told) => {
    expect(disagreement({ deflate }, agreed)?.message).toContain(told);
  });
});
