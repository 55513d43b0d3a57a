import { describe, expect, it } from "vitest";
import { takesColour, takesEscapes } from "./terminal.ts";

describe("escape sequences", () => {
  it.each([
    [true, true, { TERM: "xterm-256color" }],
    [true, true, { TERM: "xterm", NO_COLOR: "" }],
    [false, false, { TERM: "xterm" }],
    [false, undefined, { TERM: "xterm" }],
    [false, true, { TERM: "dumb" }],
    [true, true, { TERM: "xterm", NO_COLOR: "1" }],
  ])("are taken: %s, by a terminal (%s) with %j", (taken, isTTY, environment) => {
    expect(takesEscapes(isTTY === undefined ? {} : { isTTY }, environment)).toBe(taken);
  });
});

describe("colours", () => {
  it.each([
    [true, { TERM: "xterm" }],
    [true, { TERM: "xterm", NO_COLOR: "" }],
    [false, { TERM: "xterm", NO_COLOR: "1" }],
    [false, { TERM: "dumb" }],
  ])("are taken: %s, by a terminal with %j", (taken, environment) => {
    expect(takesColour({ isTTY: true }, environment)).toBe(taken);
  });
});
