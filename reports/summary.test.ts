import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import type { ScenarioSummary } from "./summary.ts";
import type { Cell } from "./cells.ts";

function summaryOf(...trials: Trial[]): ScenarioSummary {
  const [scenario] = summarise(onlyRun(resultsOf(trials))).scenarios;
  if (scenario === undefined) throw new Error("there is one scenario");
  return scenario;
}

/** The cells of the main table's first column, by variant. */
function cellsOf(...trials: Trial[]): Record<string, Cell | undefined> {
  const rows = summaryOf(...trials).tables[0]?.rows ?? [];
  return Object.fromEntries(rows.map(({ variant, cells }) => [variant, cells[0]]));
}

function bestOf(...trials: Trial[]): string[] {
  return Object.entries(cellsOf(...trials)).flatMap(([name, cell]) => (cell?.best ? [name] : []));
}

const higher = { better: "higher" } as const;

describe("the best of a column", () => {
  it.each<[string, number[], number[], Partial<Figure>, string[]]>([
    ["lower, apart", [1, 2, 3], [11, 12, 13], {}, ["a"]],
    ["higher, apart", [1, 2, 3], [11, 12, 13], higher, ["b"]],
    ["apart, but too few to tell", [1, 2, 3], [4, 5, 6], {}, []],
    ["touching", [1, 2, 3], [3, 4, 5], {}, []],
    ["overlapping", [1, 2, 3], [2, 3, 4], {}, []],
    ["the same", [1, 2, 3], [1, 2, 3], {}, []],
    ["single trials of a timing", [1], [2], {}, []],
    ["single trials that are counted", [1], [2], { counted: true }, ["a"]],
    ["single trials, equal", [1], [1], {}, []],
    ["neither better", [1, 2, 3], [11, 12, 13], { better: "neither" }, []],
    ["bounds", [1, 2, 3], [11, 12, 13], { ...higher, bound: "at least" }, []],
  ])("of %s: %j and %j", (_name, a, b, overrides, best) => {
    expect(
      bestOf(...trialsOf("a", "x", a, overrides), ...trialsOf("b", "x", b, overrides)),
    ).toEqual(best);
  });

  it("is one, beside which all that can't be told apart from it are uncertain, and no others", () => {
    const cells = cellsOf(
      ...trialsOf("best", "x", [1, 2, 3]),
      ...trialsOf("near", "x", [5, 6, 7]),
      // Reaches its neighbour, but not the best.
      ...trialsOf("far", "x", [9, 10, 11]),
      ...trialsOf("once", "x", [30]),
    );
    const marks = Object.entries(cells).map(([name, cell]) => [name, cell?.best, cell?.uncertain]);
    expect(marks).toEqual([
      ["best", true, false],
      ["near", false, true],
      ["far", false, false],
      ["once", false, true],
    ]);
  });

  it("is shared by those that have the same", () => {
    const same = [...trialsOf("a", "x", [0, 0]), ...trialsOf("b", "x", [0, 0])];
    expect(bestOf(...same, ...trialsOf("c", "x", [1, 1]))).toEqual(["a", "b"]);
  });

  it("is never the floor, nor does the floor decide who is", () => {
    const results = resultsOf([
      ...trialsOf("floor", "x", [1, 1, 1]),
      ...trialsOf("a", "x", [3, 3, 3]),
      ...trialsOf("b", "x", [4, 4, 4]),
    ]);
    for (const variant of results.variants) variant.reference = variant.name === "floor";
    const rows = summarise(onlyRun(results)).scenarios[0]?.tables[0]?.rows ?? [];
    expect(rows.map(({ variant, cells }) => [variant, cells[0]?.best])).toEqual([
      ["a", true],
      ["b", false],
      ["floor", false],
    ]);
  });

  it("is not marked where there is no one to compare with", () => {
    expect(bestOf(...trialsOf("a", "x", [1, 2]), ...trialsOf("b", "x", [null, null]))).toEqual([]);
  });
});

describe("a cell", () => {
  it("is the median over the valid trials, with its interval", () => {
    expect(cellsOf(...trialsOf("a", "x", [3, 1, 2]))["a"]).toMatchObject({
      estimate: { median: 2, trials: 3, interval: { low: 1, high: 3, confidence: 0.75 } },
      text: null,
      atLeast: false,
      remark: null,
    });
  });

  it("leaves out trials that are invalid, failed or interrupted", () => {
    const [good, ...bad] = trialsOf("a", "x", [1, 100, 200, 300]);
    const outcomes = [
      { status: "invalid" },
      { status: "failed", by: "server", reason: "it died", stderr: "" },
      { status: "interrupted" },
    ] as const;
    const others = bad.map((trial, index) =>
      trialOf("a", { ...trial, outcome: outcomes[index] ?? outcomes[0] }),
    );
    const { tables } = summaryOf(...(good ? [good] : []), ...others);
    expect(tables[0]?.rows).toMatchObject([
      { variant: "a", valid: 1, played: 4, cells: [{ estimate: { median: 1, trials: 1 } }] },
    ]);
  });

  it("has no estimate when a single trial lacks the figure, and tells why", () => {
    const trials = [
      trialOf("a", { figures: [figureOf("x", 1)] }),
      trialOf("a", { repetition: 2, figures: [figureOf("x", null, { note: "too few" })] }),
    ];
    expect(cellsOf(...trials)["a"]).toMatchObject({ estimate: null, remark: "too few" });
  });

  it("has no estimate when a trial does not state the figure at all", () => {
    const trials = [trialOf("a", { figures: [figureOf("x", 1)] }), trialOf("a", { repetition: 2 })];
    expect(cellsOf(...trials)["a"]).toMatchObject({
      estimate: null,
      remark: "1 of 2 valid trials have it",
    });
  });

  it("says why there is none when no trial is valid", () => {
    const figures = [figureOf("x", 1)];
    const warning = { phase: "steady", detail: "" };
    const cells = cellsOf(
      trialOf("good", { figures }),
      trialOf("a", {
        outcome: { status: "invalid" },
        warnings: [
          { ...warning, code: "lost" },
          { ...warning, code: "clock" },
        ],
      }),
      trialOf("a", {
        repetition: 2,
        outcome: { status: "failed", by: "server", reason: "x", stderr: "" },
      }),
      trialOf("b", { outcome: { status: "interrupted" } }),
    );
    expect(cells["a"]).toMatchObject({
      estimate: null,
      remark: "no valid trial: clocks that differ, failed",
    });
    expect(cells["b"]).toMatchObject({ estimate: null, remark: "no valid trial: interrupted" });
  });

  it("has its interval from the run's seed and its place", () => {
    const values = Array.from({ length: 20 }, (_, index) => Math.sqrt(index));
    const low = (seed: number, variant: string): number | undefined => {
      const results = resultsOf(trialsOf(variant, "x", values));
      results.run.seed = seed;
      const row = summarise(onlyRun(results)).scenarios[0]?.tables[0]?.rows[0];
      return row?.cells[0]?.estimate?.interval?.low;
    };
    expect(low(7, "a")).toBe(low(7, "a"));
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    expect(new Set(names.map((name) => low(7, name))).size).toBeGreaterThan(1);
    expect(new Set(names.map((_, seed) => low(seed, "a"))).size).toBeGreaterThan(1);
  });

  it("is at least when any trial is", () => {
    const atLeast = { bound: "at least", note: "stopped early" } as const;
    const trials = [...trialsOf("a", "x", [5]), ...trialsOf("a", "x", [7], atLeast)];
    expect(cellsOf(...trials)["a"]).toMatchObject({ atLeast: true, remark: "stopped early" });
  });

  it("of words holds each of them once", () => {
    const words = { unit: "text", better: "neither" } as const;
    const trials = trialsOf("a", "x", ["EMFILE", "closed", "EMFILE"], words);
    expect(cellsOf(...trials)["a"]).toMatchObject({ text: "EMFILE / closed", estimate: null });
  });
});

describe("a table", () => {
  it("has a row for each variant that was played, in the order of the run, also without figures", () => {
    const failed = { status: "failed", by: "server", reason: "it died", stderr: "" } as const;
    const { tables } = summaryOf(trialOf("a", { outcome: failed }), ...trialsOf("b", "x", [1]));
    expect(tables[0]?.rows.map(({ variant }) => variant)).toEqual(["a", "b"]);
  });

  it("has a row for a variant that was not played, if it was planned", () => {
    const results = resultsOf([...trialsOf("a", "x", [1]), trialOf("b")]);
    results.trials.pop();
    const rows = summarise(onlyRun(results)).scenarios[0]?.tables[0]?.rows;
    expect(rows).toMatchObject([
      { variant: "a", played: 1 },
      { variant: "b", played: 0, cells: [{ estimate: null, remark: "not played" }] },
    ]);
  });

  it("has a title of its own, and then only rows with something in them", () => {
    const { tables } = summaryOf(
      ...trialsOf("a", "x", [1], { table: "polls" }),
      ...trialsOf("b", "y", [1]),
    );
    expect(tables.map(({ title, rows }) => [title, rows.map(({ variant }) => variant)])).toEqual([
      ["", ["a", "b"]],
      ["polls", ["a"]],
    ]);
  });
});

describe("doubts", () => {
  it("tell of trials that failed, with their last words, or were interrupted", () => {
    const { doubts } = summaryOf(
      trialOf("a", {
        outcome: {
          status: "failed",
          by: "server",
          reason: "the server ended",
          stderr: "at x\nout of memory\n",
        },
      }),
      trialOf("b", {
        repetition: 2,
        outcome: { status: "failed", by: "server", reason: "lost", stderr: "" },
      }),
      trialOf("b", { repetition: 3, outcome: { status: "interrupted" } }),
    );
    expect(doubts).toEqual([
      { run: null, variants: ["a"], text: "trial 1 failed: the server ended (out of memory)" },
      { run: null, variants: ["b"], text: "trial 2 failed: lost" },
      { run: null, variants: ["b"], text: "trial 3 was interrupted" },
    ]);
  });

  it("tell each kind of warning once, with the first three places and advice", () => {
    const lost = (detail: string) => [{ code: "lost", phase: "steady", detail } as const];
    const { doubts } = summaryOf(
      ...[1, 2, 3].map((repetition) =>
        trialOf("a", { repetition, warnings: lost(`${repetition}`) }),
      ),
      trialOf("b", { warnings: lost("9") }),
    );
    expect(doubts).toHaveLength(1);
    expect(doubts[0]?.variants).toEqual(["a", "b"]);
    expect(doubts[0]?.text).toMatch(
      /^lost: .*\(a, trial 1, steady: 1; .*; 1 more\)\. Advice: .*\.$/,
    );
  });

  it("say of invalid trials that they don't count", () => {
    const warnings = [{ code: "slow-rate", phase: "steady", detail: "50 % of the rate" } as const];
    const { doubts } = summaryOf(trialOf("a", { outcome: { status: "invalid" }, warnings }));
    expect(doubts[0]?.text).toContain("these trials don't count");
  });
});
