import { expect, it } from "vitest";
import { usageError } from "../errors/errors.ts";
import { baseAmong } from "./base.ts";

const names = ["websocket", "websocket@5s", "sse"];

it.each([
  [undefined, null],
  ["sse", "sse"],
  ["websocket@5s", "websocket@5s"],
  // Whatever people call it.
  ["ws@5s", "websocket@5s"],
  ["EventSource", "sse"],
])("a base of %s is %s", (given, base) => {
  expect(baseAmong(given, names, "the results")).toBe(base);
});

it.each([
  ["", '--base: "" is not in the results; known are websocket, websocket@5s, sse'],
  [
    "long-polling",
    '--base: "long-polling" is not in the results; known are websocket, websocket@5s, sse',
  ],
  [
    "websockets@5",
    '--base: "websockets@5" is not in the results; did you mean "websocket@5s"? known are websocket, websocket@5s, sse',
  ],
  [
    "a\nb",
    String.raw`--base: "a\nb" is not in the results; known are websocket, websocket@5s, sse`,
  ],
])("a base of %j is refused in one line that names those there are", (given, message) => {
  expect(() => baseAmong(given, names, "the results")).toThrow(usageError(message));
});
