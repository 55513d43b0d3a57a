import { expect, it } from "vitest";
import { BusFrameReader, busFrame } from "./bus-frame.ts";

it("gives messages back, wherever their frames were cut", () => {
  const sent = [
    ["all", "a first message"],
    ["client-7", ""],
    ["ünï", "the last"],
  ] as const;
  const bytes = Buffer.concat(sent.map(([channel, text]) => busFrame(channel, Buffer.from(text))));
  for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes += 1) {
    const taken: string[][] = [];
    const reader = new BusFrameReader((channel, payload) =>
      taken.push([channel, payload.toString()]),
    );
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      reader.read(bytes.subarray(at, at + pieceBytes));
    }
    expect(taken).toEqual(sent);
  }
});
