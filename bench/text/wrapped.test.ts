import { describe, expect, it } from "vitest";
import { linesOf, wrapped } from "./wrapped.ts";

describe("a text on lines", () => {
  it("ends them where words end, and goes on below the first word", () => {
    expect(wrapped("messages arrive soonest with websocket", "- ", 22)).toEqual([
      "- messages arrive",
      "  soonest with",
      "  websocket",
    ]);
  });

  it("doesn't part a number from its thousands or its unit", () => {
    expect(linesOf("the floor is at 12 288 B/s now", 18)).toEqual([
      "the floor is at",
      "12 288 B/s now",
    ]);
  });

  it("breaks a word that is too long where it has parts, and else anywhere", () => {
    expect(linesOf("see /var/tmp/transport-bench", 12)).toEqual([
      "see",
      "/var/tmp/",
      "transport-",
      "bench",
    ]);
    expect(linesOf("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  });
});
