import { expect, it } from "vitest";
import { BusFrameReader, busFrame, busMessage, lengthOf } from "./bus-frame.ts";

const head = { publisher: 0xffff_ffff, number: 7, publishedNs: 123_456_789_012_345 };

it("gives messages back, wherever their frames were cut", () => {
  const sent = [
    ["all", "a first message"],
    ["client-7", ""],
    ["ünï", "the last"],
  ].map(([channel = "", text = ""]) => ({ ...head, channel, payload: Buffer.from(text) }));
  const bytes = Buffer.concat(
    sent.map((message) => busFrame(message)).flatMap((frame) => [lengthOf(frame), frame]),
  );
  for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes += 1) {
    const taken: unknown[] = [];
    const reader = new BusFrameReader((frame) => taken.push(busMessage(frame)));
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      reader.read(bytes.subarray(at, at + pieceBytes));
    }
    expect(taken).toEqual(sent);
  }
});

it("refuses a frame that is cut off", () => {
  const frame = busFrame({ ...head, channel: "all", payload: Buffer.alloc(0) });
  expect(() => busMessage(frame.subarray(0, -1))).toThrow("cut off");
});
