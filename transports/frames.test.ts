import { describe, expect, it } from "vitest";
import { FrameReader, encodeFrame } from "./frames.ts";

/** What a reader takes from a stream that arrives in pieces, and whether it could go on to the end. */
function takenFrom(
  pieces: readonly Buffer[],
  maxBytes = 100,
): { taken: string[]; intact: boolean } {
  const taken: string[] = [];
  const reader = new FrameReader(maxBytes, (payload) => taken.push(payload.toString("latin1")));
  const intact = pieces.every((piece) => reader.read(piece));
  return { taken, intact };
}

function streamOf(...payloads: readonly string[]): Buffer {
  return Buffer.concat(payloads.map((payload) => encodeFrame(Buffer.from(payload))));
}

describe("a frame", () => {
  it("has its length in four bytes before its payload", () => {
    expect(encodeFrame(Buffer.from("abc"))).toEqual(Buffer.from([0, 0, 0, 3, 97, 98, 99]));
    expect(encodeFrame(Buffer.alloc(66_051)).subarray(0, 4)).toEqual(Buffer.from([0, 1, 2, 3]));
  });
});

describe("a frame reader", () => {
  const payloads = ["one", "", "\0\0\0\u0001x", "four", "", ""];
  const stream = streamOf(...payloads);

  it.each([1, 2, 3, 4, 5, 7, 11, 1_000])("reads a stream that comes by %d bytes", (size) => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
    expect(takenFrom(pieces)).toEqual({ taken: payloads, intact: true });
  });

  it("reads a stream wherever it is cut in two", () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const pieces = [stream.subarray(0, cut), stream.subarray(cut)];
      expect(takenFrom(pieces), `cut at ${cut}`).toEqual({ taken: payloads, intact: true });
    }
  });

  it("hands a frame over as soon as it is whole, and not before", () => {
    const taken: string[] = [];
    const reader = new FrameReader(100, (payload) => taken.push(String(payload)));
    reader.read(streamOf("abc").subarray(0, 6));
    expect(taken).toEqual([]);
    reader.read(Buffer.from("c"));
    expect(taken).toEqual(["abc"]);
    reader.read(streamOf("").subarray(0, 3));
    expect(taken).toEqual(["abc"]);
    reader.read(Buffer.from([0]));
    expect(taken).toEqual(["abc", ""]);
  });

  it("takes a frame of the largest size, and stops at the head of a larger one", () => {
    const largest = "x".repeat(100);
    expect(takenFrom([streamOf("a", largest)])).toEqual({ taken: ["a", largest], intact: true });
    const larger = streamOf("a", `${largest}x`, "b").subarray(0, 9);
    expect(takenFrom([larger])).toEqual({ taken: ["a"], intact: false });
  });

  it("reads a length of four full bytes as a number above zero", () => {
    expect(takenFrom([Buffer.from([255, 255, 255, 255])])).toEqual({ taken: [], intact: false });
  });

  it("copies each byte of a frame in small pieces once, not once for each piece", () => {
    const piece = Buffer.alloc(16, "y");
    const copied: number[] = [];
    piece.copy = (target, targetStart = 0, from = 0, to = piece.length) => {
      copied.push(to - from);
      return Buffer.prototype.copy.call(piece, target, targetStart, from, to);
    };
    const { taken } = takenFrom(
      [Buffer.from([0, 0x10, 0, 0]), ...Array.from({ length: 65_536 }, () => piece)],
      2 ** 20,
    );
    expect(taken).toEqual(["y".repeat(2 ** 20)]);
    expect(copied.reduce((sum, bytes) => sum + bytes, 0)).toBe(2 ** 20);
  });
});
