import { describe, expect, it } from "vitest";
import { eventVectors } from "../test/event-vectors.ts";
import { EventBytes, EventReader, maxEventBytes } from "./sse-parser.ts";

function messagesOf(...chunks: readonly Buffer[]): string[] {
  const messages: string[] = [];
  const reader = new EventReader(({ event, data }) => {
    if ((event ?? "message") === "message") messages.push(data);
  });
  for (const chunk of chunks) expect(reader.feed(chunk)).toBe(true);
  return messages;
}

describe.each(eventVectors)("an event stream with $name", ({ stream, messages }) => {
  it("is read, wherever it is split", () => {
    for (let at = 0; at <= stream.length; at += 1) {
      expect(messagesOf(stream.subarray(0, at), stream.subarray(at)), `at ${at}`).toEqual(messages);
    }
  });

  it("is read byte by byte", () => {
    const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
    expect(messagesOf(...bytes)).toEqual(messages);
  });
});

it("an event is over with the carriage return that ends its empty line, whatever may follow", () => {
  expect(messagesOf(Buffer.from("data: x\r\r"))).toEqual(["x"]);
});

describe("the bound of an event", () => {
  const rest = maxEventBytes - "data: ".length;

  it.each([
    ["in one line", Buffer.from(`data: ${"x".repeat(rest)}`)],
    ["in many", Buffer.from("data: 7\n".repeat(Math.floor(maxEventBytes / 8)))],
    ["in lines that mean nothing", Buffer.from("nothing\n".repeat(Math.floor(maxEventBytes / 8)))],
    ["of an endless comment", Buffer.from(`:${"x".repeat(maxEventBytes - 1)}`)],
  ])("holds %s, wherever it is split", (_how, most) => {
    for (const split of [0, 1, 1_000, most.length - 1]) {
      const bytes = new EventBytes();
      expect(bytes.take(most.subarray(0, split))).not.toBeNull();
      expect(bytes.take(most.subarray(split))).not.toBeNull();
      expect(bytes.take(Buffer.from("12345678"))).toBeNull();
    }
  });

  it("begins anew with each event, and leaves out comments that have ended", () => {
    const bytes = new EventBytes();
    const half = "x".repeat(Math.floor(maxEventBytes / 2));
    for (const text of [`data: ${half}\n\n`, `:${half}\n`, `data: ${half}\n`, `:${half}\n`]) {
      for (const again of [text, text.slice(0, 0)]) {
        expect(bytes.take(Buffer.from(again))).not.toBeNull();
      }
    }
    expect(bytes.take(Buffer.from(`:${half}\n:${half}\n:${half}\n\n`))).not.toBeNull();
    expect(bytes.take(Buffer.from(`data: ${half}\ndata: ${half}\n`))).toBeNull();
  });
});
