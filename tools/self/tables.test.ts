import { describe, expect, it } from "vitest";
import { compare } from "./comparison.ts";
import { bareTable, beforeTable, verdict } from "./tables.ts";

const comparisonOf = (name: string, ...firsts: readonly number[]) =>
  compare(
    { name, unit: "deliveries", lessIsBetter: false, aim: { atLeast: 0.85 } },
    firsts.map((first) => ({ first: 1_000 * first, second: 100_000 })),
  );

const slower = comparisonOf("push", 80, 80, 80, 80, 80, 80);
const same = comparisonOf("echo", 99, 99, 100, 100, 101, 101);
const few = comparisonOf("polls", 100);

/** The cells of each row below the head. */
const cellsOf = (table: string): string[][] =>
  table
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .slice(1)
    .map((line) => line.split("│").flatMap((cell) => cell.trim() || []));

describe("the tables", () => {
  it("have a row for each comparison, with its interval and whether its aim is met", () => {
    expect(cellsOf(bareTable([slower, same, few]))).toEqual([
      "push,deliveries,80 000,100 000,0.800,0.800 to 0.800,6,at least 0.85,no".split(","),
      "echo,deliveries,100 000,100 000,1.000,0.990 to 1.010,6,at least 0.85,yes".split(","),
      "polls,deliveries,100 000,100 000,1.000,too few pairs,1,at least 0.85,yes".split(","),
    ]);
  });

  it("say of another state whether this one is slower", () => {
    expect(cellsOf(beforeTable([slower, same, few])).map((cells) => cells.at(-1))).toEqual([
      "yes",
      "no",
      "inconclusive",
    ]);
  });
});

describe("the verdict", () => {
  it("names what is slower, what isn't, and what is inconclusive", () => {
    expect(verdict([slower, same, few], "main")).toBe(
      "Slower than main by more than 3 %: shown for push. Excluded for echo. Inconclusive for polls.",
    );
  });

  it("is short where all came out alike", () => {
    expect(verdict([same], "main")).toBe(
      "Slower than main by more than 3 %: shown for none. Excluded for all. Inconclusive for none.",
    );
  });
});
