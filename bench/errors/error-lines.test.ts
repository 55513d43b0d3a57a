import { describe, expect, it } from "vitest";
import { errorLines, maxLineLength } from "./error-lines.ts";
import { BenchError, knownAre } from "./errors.ts";

const lines = (message: string, quote?: string): string[] =>
  errorLines(new BenchError("usage", message, quote));

describe("an error line", () => {
  it("is the message where that is short", () => {
    expect(lines('--rate: "x" is not a number')).toEqual(['error: --rate: "x" is not a number']);
  });

  it.each([
    ["a long key", `"${"k".repeat(50_000)}" is unknown; known are a, b`],
    [
      "a long quotation of many words",
      `"${"many words ".repeat(5_000)}" is unknown; known are a, b`,
    ],
    ["two long paths", `${"/p".repeat(2_500)} is ${"/q".repeat(2_500)}; known are a, b`],
  ])("cuts %s in its middle, and keeps what is said of it", (_, message) => {
    const [line = ""] = lines(message);
    expect(line.length).toBeLessThanOrEqual(maxLineLength);
    expect(line).toMatch(/^error: \S.*….*; known are a, b$/);
  });

  it("cuts a long sentence before its advice, which is kept whole", () => {
    const advice = "; see npx transport-bench conformance http://127.0.0.1:54321 --transport sse";
    const [line = ""] = lines(`${"it is not what was expected ".repeat(20)}${advice}`);
    expect(line).toHaveLength(maxLineLength);
    expect(line).toMatch(/^error: it is not .*…; see /);
    expect(line.endsWith(advice)).toBe(true);
  });

  it("cuts a long list before what says where all of it stands", () => {
    const end = " and 14 more (see npx transport-bench run --help)";
    const [line = ""] = lines(`unknown setting; known are ${"transports, ".repeat(20)}rate${end}`);
    expect(line).toHaveLength(maxLineLength);
    expect(line.endsWith(`…${end}`)).toBe(true);
  });

  it("cuts an endless sentence at its end", () => {
    const [line = ""] = lines("word ".repeat(1_000));
    expect(line).toHaveLength(maxLineLength);
    expect(line.endsWith("…")).toBe(true);
  });

  it("never cuts a character in two", () => {
    for (const padding of ["", "x"]) {
      const [line = ""] = lines(padding + "🚲".repeat(5_000));
      expect(Buffer.from(line).toString()).toBe(line);
    }
  });

  it("shows no control characters", () => {
    expect(lines("a\u001B[31mb\u0000c\nd")).toEqual(["error: ab c d"]);
  });

  it("has what another program says below it, a line in the same line", () => {
    expect(lines("git says", "one\ntwo\u0007\n\nthree")).toEqual([
      "error: git says:",
      "  one",
      "  two ",
      "  three",
    ]);
    expect(lines("git says", "no such commit\n")).toEqual(["error: git says: no such commit"]);
    const many = lines("git says", `${"x".repeat(999)}\n`.repeat(999));
    expect(many.length).toBeLessThan(20);
    expect(Math.max(...many.map((line) => line.length))).toBeLessThanOrEqual(maxLineLength);
  });
});

describe("a list of what is known", () => {
  const names = Array.from({ length: 40 }, (_, index) => `metric${index}`);

  it("is as long as a line has room for", () => {
    expect(knownAre(["a", "b"])).toBe("known are a, b");
    expect(knownAre(names, "npx transport-bench list")).toMatch(
      /^known are metric0, metric1, .* and 3\d more \(see npx transport-bench list\)$/,
    );
    expect(knownAre(["x".repeat(500)])).toBe("known are 1");
  });
});
