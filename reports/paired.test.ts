import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { paired, relationOf } from "./paired.ts";
import type { PairedFigure, PairedScenario } from "./paired.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";

function pairOf(before: readonly Trial[], after: readonly Trial[]): PairedScenario {
  const [scenario] = paired(
    summarise(onlyRun(resultsOf(before))),
    summarise(onlyRun(resultsOf(after))),
  );
  if (scenario === undefined) throw new Error("there is one scenario");
  return scenario;
}

function figurePair(
  before: readonly Figure["value"][],
  after: readonly Figure["value"][],
  more: Partial<Figure> = {},
): PairedFigure {
  const scenario = pairOf(trialsOf("a", "x", before, more), trialsOf("a", "x", after, more));
  const figure = scenario.tables[0]?.rows[0]?.figures[0];
  if (figure === undefined) throw new Error("there is one figure");
  return figure;
}

/** Which variants and figures there are, and on which sides. */
function placesOf(scenario: PairedScenario): string[] {
  return scenario.tables.flatMap(({ title, rows }) =>
    rows.flatMap(({ variant, figures }) =>
      figures.map(({ column, before, after }) => {
        const sides = [...(before === null ? [] : ["then"]), ...(after === null ? [] : ["now"])];
        return `${title}/${variant}/${column.key}: ${sides.join(" and ")}`;
      }),
    ),
  );
}

describe("two runs in pairs", () => {
  it("have everything that either of them has, and miss what one doesn't have", () => {
    const before = [
      trialOf("a", { figures: [figureOf("x", 1), figureOf("y", 1)] }),
      trialOf("gone", { figures: [figureOf("x", 1)] }),
    ];
    const after = [
      trialOf("new", { figures: [figureOf("x", 1)] }),
      trialOf("a", { figures: [figureOf("x", 1), figureOf("z", 1, { table: "details" })] }),
    ];
    expect(placesOf(pairOf(before, after))).toEqual([
      "/a/x: then and now",
      "/a/y: then",
      "/gone/x: then",
      "/gone/y: then",
      "/new/x: now",
      "details/a/z: now",
    ]);
  });

  it("take a figure in another unit for another figure", () => {
    const before = trialsOf("a", "x", [1], { unit: "ms" });
    const after = trialsOf("a", "x", [1], { unit: "ns" });
    expect(placesOf(pairOf(before, after))).toEqual(["/a/x: then", "/a/x: now"]);
  });

  it("have the scenarios of both", () => {
    const one = summarise(onlyRun(resultsOf([])));
    const scenarios = [{ name: "echo", summary: "", workload: "" }];
    const other = summarise(onlyRun(resultsOf([], { scenarios })));
    expect(paired(one, other).map(({ name }) => name)).toEqual(["latency", "echo"]);
  });
});

describe("two figures", () => {
  it.each<[Figure["value"][], Figure["value"][], ReturnType<typeof relationOf>]>([
    [[1, 2, 3], [11, 12, 13], "apart"],
    [[11, 12, 13], [1, 2, 3], "apart"],
    [[1, 2, 3], [3, 4, 5], "not apart"],
    [[1, 2, 3], [1, 2, 3], "not apart"],
    [[2, 2], [2, 2, 2], "same"],
    [[2, 2], [3, 3], "apart"],
    [[1], [1, 2], "one trial"],
    [[1, 2], [1], "one trial"],
    [[1, null], [1, 2], ""],
    [["EMFILE"], ["EMFILE", "EMFILE"], "same"],
    [["EMFILE"], ["not served"], "differs"],
  ])("of %j and %j are related as %j", (before, after, relation) => {
    expect(relationOf(figurePair(before, after))).toBe(relation);
  });

  it("are not compared when one is a bound", () => {
    expect(relationOf(figurePair([1, 1], [2, 2], { bound: "at least" }))).toBe("at least");
  });
});
