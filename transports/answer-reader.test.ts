import { expect, it } from "vitest";
import { answerReader } from "./answer-reader.ts";

interface Reading {
  readonly seen: string[];
  readonly feed: (text: string) => boolean;
  readonly end: () => void;
}

function reading(type: string): Reading {
  const seen: string[] = [];
  const reader = answerReader(type, {
    event: ({ text, aside }) => seen.push(text === "" ? aside : `"${text}"`),
    ping: () => seen.push("ping"),
  });
  if (reader === null) throw new Error("no stream");
  return {
    seen,
    feed(text) {
      reader.feed(Buffer.from(text));
      return reader.isWhole;
    },
    end: () => reader.end(),
  };
}

it("tells a stream by its type, whatever follows that", () => {
  const handlers = { event: () => {}, ping: () => {} };
  const isStream = (type: string): boolean => answerReader(type, handlers) !== null;
  expect(isStream("Text/Event-Stream; charset=utf-8")).toBe(true);
  expect(isStream("application/x-ndjson")).toBe(true);
  expect(isStream("application/json")).toBe(false);
  expect(isStream("text/html")).toBe(false);
  expect(isStream("")).toBe(false);
});

it("reads an event stream in pieces that end anywhere, and knows which do so with an event", () => {
  const { seen, feed } = reading("text/event-stream");
  expect(feed('data: {"choices":[{"delta":{"content":"Gr')).toBe(false);
  expect(feed('üße"}}]}\r\n')).toBe(false);
  expect(feed("\r\n")).toBe(true);
  expect(feed(": keep-alive\n\ndata: [DONE]\n")).toBe(false);
  expect(feed("\n")).toBe(true);
  expect(seen).toEqual(['"Grüße"', "ping", "finish"]);
});

it("reads lines of JSON, the last of which may have no end", () => {
  const { seen, feed, end } = reading("application/x-ndjson");
  expect(feed('{"response":"a"}\n{"respo')).toBe(false);
  expect(feed('nse":"b"}\n\n')).toBe(true);
  expect(feed('{"response":"c","done":true}')).toBe(false);
  expect(seen).toEqual(['"a"', '"b"', "ping"]);
  end();
  expect(seen.at(-1)).toBe('"c"');
});

it("reads JSON text sequences", () => {
  const { seen, feed } = reading("application/json-seq");
  feed('\u001E{"response":"a"}\n\u001E{"response":"b"}\n');
  expect(seen).toEqual(['"a"', '"b"']);
});
