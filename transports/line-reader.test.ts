import { expect, it } from "vitest";
import { LineReader } from "./line-reader.ts";

const text = 'one\ntwo\n\n{"three":3}\r\nGrüße 🚀\n';
const lines = ["one", "two", "", '{"three":3}\r', "Grüße 🚀"];

function linesOf(...pieces: readonly string[]): string[] {
  const found: string[] = [];
  const reader = new LineReader((line) => found.push(line));
  for (const piece of pieces) expect(reader.feed(piece)).toBe(true);
  return found;
}

it("lines are found wherever their text is split", () => {
  for (let at = 0; at <= text.length; at += 1) {
    expect(linesOf(text.slice(0, at), text.slice(at)), `at ${at}`).toEqual(lines);
  }
  expect(linesOf(...text.split(/(?:)/))).toEqual(lines);
});

it("a line isn't one before its end", () => {
  expect(linesOf("one\ntw")).toEqual(["one"]);
});

it("a line may have 16 MiB and its members, and no more without an end", () => {
  const most = 16 * 1_048_576 + 1_024;
  expect(linesOf("x".repeat(most), "\n")).toEqual(["x".repeat(most)]);
  const reader = new LineReader(() => {});
  expect(reader.feed("x".repeat(most))).toBe(true);
  expect(reader.feed("x")).toBe(false);
});
