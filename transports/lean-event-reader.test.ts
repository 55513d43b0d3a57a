import { describe, expect, it } from "vitest";
import { cuts, readShared } from "../test/pieces.ts";
import { eventVectors } from "../test/event-vectors.ts";
import { LeanEventReader } from "./lean-event-reader.ts";
import { EventReader, maxEventBytes } from "./sse-parser.ts";

/** What a stream holds: hellos, and messages with their numbers. */
function taken(...pieces: readonly Buffer[]): string[] {
  const events: string[] = [];
  const reader = new LeanEventReader({
    hello: (text) => events.push(`hello ${text}`),
    deliver: (number, data) => events.push(`${number} ${data.toString()}`),
    withoutMessage: () => {},
  });
  readShared(pieces, (chunk, from, to) => reader.read(chunk, from, to));
  return events;
}

/** What the library makes of it. */
function parsed(stream: Buffer): string[] {
  const events: string[] = [];
  const reader = new EventReader(({ event = "message", id, data }) => {
    const number = id === undefined || id === "" ? undefined : Number(id);
    if (event === "hello") events.push(`hello ${data}`);
    else if (event === "message") events.push(`${number} ${data}`);
  });
  reader.feed(stream);
  return events;
}

function textsOf(events: readonly string[]): string[] {
  return events
    .filter((event) => !event.startsWith("hello"))
    .map((event) => event.slice(event.indexOf(" ") + 1));
}

it.each(eventVectors)("reads a stream with $name, wherever it is cut", ({ stream, messages }) => {
  for (const pieces of cuts(stream)) expect(textsOf(taken(...pieces))).toEqual(messages);
});

it.each([
  ["line feeds", "\n"],
  ["carriage returns", "\r"],
  ["both", "\r\n"],
])("reads numbers in a stream whose lines end with %s, wherever it is cut", (_how, end) => {
  const lines = ["event: hello", "data: 12", "", "id: 13", "data: a", "", "id:14", "data: b"];
  const stream = Buffer.from([...lines, "data: c", "", "data", "id", "", ""].join(end));
  for (const pieces of cuts(stream)) {
    expect(taken(...pieces)).toEqual(["hello 12", "13 a", "14 b\nc", "undefined "]);
  }
});

it("reads what a library reads, of streams made of whatever means something", () => {
  const words = ["data", "id", "event", "retry", ":", ": ", "\n", "\n", "\n\n", "\r", "\r\n", "7"];
  const others = ["hello", "message", "\uFEFF", "\0", "é", "🚀", " ", "x".repeat(600)];
  const all = [...words, ...words, ...others];
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const text = Array.from({ length: 1 + next(30) }, () => all[next(all.length)]).join("");
    const stream = Buffer.from(text);
    const at = next(stream.length + 1);
    const pieces = [stream.subarray(0, at), stream.subarray(at)];
    expect(taken(...pieces), JSON.stringify(text)).toEqual(parsed(stream));
  }
});

describe("the bound of an event", () => {
  const rest = maxEventBytes - "data: ".length;

  it.each([
    ["in one line", `data: ${"x".repeat(rest)}`],
    ["in many", "data: 7\n".repeat(Math.floor(maxEventBytes / 8))],
    ["in lines that mean nothing", "nothing\n".repeat(Math.floor(maxEventBytes / 8))],
    ["of an endless comment", `:${"x".repeat(maxEventBytes - 1)}`],
  ])("holds %s", (_how, most) => {
    const stream = Buffer.from(most);
    const half = stream.length >> 1;
    const pieces = [stream.subarray(0, half), stream.subarray(half)];
    expect(() => taken(...pieces)).not.toThrow();
    expect(() => taken(...pieces, Buffer.from("data: more"))).toThrow(
      "an event of more than 8 MiB",
    );
  });

  it("isn't that of comments that end", () => {
    const comment = Buffer.from(`:${"x".repeat(1_048_576)}\n`);
    expect(() => taken(...Array.from({ length: 10 }, () => comment))).not.toThrow();
  });
});
