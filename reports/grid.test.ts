import { describe, expect, it } from "vitest";
import { gridText } from "./grid.ts";
import { columnsOf } from "../bench/text/wrapped.ts";

function widest(text: string): number {
  return Math.max(...text.split("\n").map(columnsOf));
}

describe("a table for a terminal", () => {
  it("has its first column on the left, figures on the right, and floors below a line", () => {
    const grid = [
      ["", "half within\nms"],
      ["websocket\n3 trials", "1.30 *\n1.2–1.4"],
      ["tcp", "0.9"],
    ];
    expect(`\n${gridText(grid, 1)}`).toBe(`
┌──────────┬────────────┐
│          │ half within│
│          │          ms│
├──────────┼────────────┤
│ websocket│      1.30 *│
│ 3 trials │     1.2–1.4│
├──────────┼────────────┤
│ tcp      │         0.9│
└──────────┴────────────┘`);
  });

  it("has no line between nothing and something", () => {
    expect(gridText([["a", "b"]]).split("\n")).toHaveLength(3);
    expect(gridText([["a"], ["b"]], 1).split("\n")).toHaveLength(5);
  });

  it("breaks what is long at the ends of words and of the parts of names", () => {
    const name = "websocket+deflate+heartbeat=30s+window=15+level=9";
    const grid = [
      ["", "stopped by"],
      [name, "the server had no file descriptors left for another"],
    ];
    const words = gridText(grid, 0, 60).split(/[│\n]/);
    expect(words.map((part) => part.trim()).filter((part) => /[a-z]/.test(part))).toEqual([
      "stopped by",
      "websocket+deflate",
      "the server had no file",
      "+heartbeat=30s+window=15",
      "descriptors left for",
      "+level=9",
      "another",
    ]);
  });

  it.each([60, 80, 100])(
    "is never wider than %d columns, with as many tables as it takes",
    (width) => {
      const row = Array.from({ length: 12 }, (_, index) => "x".repeat(index * 7));
      expect(widest(gridText([row, row], 0, width))).toBeLessThanOrEqual(width);
    },
  );

  it("counts characters that take two columns, and marks that take none", () => {
    const grid = [
      ["", "日本語"],
      ["e\u0301", "x"],
      ["😀", "y"],
    ];
    expect(new Set(gridText(grid).split("\n").map(columnsOf)).size).toBe(1);
  });

  // In a way that measures the rest anew at each cut, this takes longer than any test may.
  it("measures a cell of a hundred thousand characters only once", () => {
    const grid = [
      ["", "日".repeat(1e5)],
      ["x".repeat(1e5), "a b ".repeat(25_000)],
    ];
    expect(widest(gridText(grid))).toBeLessThanOrEqual(100);
  });
});
