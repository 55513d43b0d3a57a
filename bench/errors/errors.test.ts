import { describe, expect, it } from "vitest";
import { nearest } from "./errors.ts";

describe("the nearest name", () => {
  const names = ["short-polling", "long-polling", "sse", "websocket"];

  it.each([
    ["websockt", "websocket"],
    ["websockets", "websocket"],
    ["WebSocket", "websocket"],
    ["ssee", "sse"],
    ["long-poling", "long-polling"],
    // A third of a long name may be wrong, and one letter of a short one.
    ["sze", "sse"],
    ["ess", "sse"],
    ["ws", ""],
    ["io", ""],
    ["tls", ""],
    ["web", ""],
    ["abcd", ""],
    ["carrier-pigeon", ""],
  ])("to %s is %j", (given, name) => {
    const wanted = name === "" ? "" : `did you mean "${name}"? `;
    expect(nearest(given, names)).toBe(wanted);
  });

  it("is none when there are no names", () => {
    expect(nearest("sse", [])).toBe("");
  });
});
