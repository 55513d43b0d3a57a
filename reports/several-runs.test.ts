import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { csv } from "./csv.ts";
import { figures } from "./figures.ts";
import { rowsOf } from "../test/csv-rows.ts";
import { findings } from "./sentences.ts";
import { summarise } from "./summary.ts";
import type { ScenarioSummary } from "./summary.ts";

function scenariosOf(runs: Readonly<Record<string, Results>>): readonly ScenarioSummary[] {
  return summarise(labelled(runs)).scenarios;
}

function labelled(runs: Readonly<Record<string, Results>>): { label: string; results: Results }[] {
  return Object.entries(runs).map(([label, results]) => ({ label, results }));
}

function only(scenarios: readonly ScenarioSummary[]): ScenarioSummary {
  const [scenario, ...others] = scenarios;
  expect(others).toEqual([]);
  if (scenario === undefined) throw new Error("there is one scenario");
  return scenario;
}

function namesOf({ tables }: ScenarioSummary, index = 0): string[] {
  return (tables[index]?.rows ?? []).map(({ variant, run }) => `${variant} ${run}`);
}

/** One trial of each variant, all with the figure `x`. */
function runOf(...variants: string[]): Results {
  return resultsOf(variants.flatMap((variant) => trialsOf(variant, "x", [1])));
}

function of(trial: Trial): Results {
  return resultsOf([trial]);
}

describe("several runs", () => {
  it("have rows of a variant one below the other, as variants first appear", () => {
    const scenario = only(scenariosOf({ one: runOf("b", "a"), two: runOf("c", "a", "b") }));
    expect(namesOf(scenario)).toEqual(["b one", "b two", "a one", "a two", "c two"]);
  });

  it("have references last, also where one run has them first", () => {
    const [one, two] = [runOf("tcp", "a"), runOf("tcp", "b")];
    for (const variant of [...one.variants, ...two.variants]) {
      variant.reference = variant.name === "tcp";
    }
    const scenario = only(scenariosOf({ one, two }));
    expect(namesOf(scenario)).toEqual(["a one", "b two", "tcp one", "tcp two"]);
  });

  it("have each its own best: nothing is compared between them", () => {
    const at = (...values: number[]): Results =>
      resultsOf(
        ["a", "b"].flatMap((name, index) =>
          trialsOf(name, "x", [values[index] ?? 0], { counted: true }),
        ),
      );
    const { tables } = only(scenariosOf({ one: at(1, 2), two: at(30, 20) }));
    expect(tables[0]?.rows.map(({ cells }) => cells[0]?.best)).toEqual([true, false, false, true]);
  });

  it("have a scenario that only one of them played", () => {
    const two = of(trialOf("a", { scenario: "echo" }));
    two.scenarios = [{ name: "echo", summary: "?", workload: "w" }];
    two.cells = two.cells.map((cell) => Object.assign(cell, { scenario: "echo" }));
    const scenarios = scenariosOf({ one: runOf("a"), two });
    expect(scenarios.map(({ name }) => name)).toEqual(["latency", "echo"]);
    expect(scenarios.map((scenario) => namesOf(scenario))).toEqual([["a one"], ["a two"]]);
    expect(scenarios[1]?.workload).toBe("two: w");
  });

  it("have a table that only one of them stated", () => {
    const two = of(trialOf("a", { figures: [figureOf("y", 1, { table: "beside" })] }));
    const scenario = only(scenariosOf({ one: runOf("a"), two }));
    expect(scenario.tables.map(({ title }) => title)).toEqual(["", "beside"]);
    expect(namesOf(scenario, 1)).toEqual(["a two"]);
  });

  it("say which figure a run doesn't have", () => {
    const two = of(trialOf("a", { figures: [figureOf("y", 2)] }));
    const [table] = only(scenariosOf({ one: runOf("a"), two })).tables;
    expect(table?.columns.map(({ key }) => key)).toEqual(["x", "y"]);
    expect(table?.rows.map(({ cells }) => cells.map((cell) => cell.remark))).toEqual([
      [null, "this run doesn't have it"],
      ["this run doesn't have it", null],
    ]);
  });

  it("say of who has no valid trial why, also in columns of another run", () => {
    const failed = of(
      trialOf("a", { outcome: { status: "failed", by: "server", reason: "x", stderr: "" } }),
    );
    const [table] = only(scenariosOf({ one: failed, two: runOf("a") })).tables;
    expect(table?.rows[0]?.cells[0]).toMatchObject({
      estimate: null,
      remark: "no valid trial: failed",
    });
  });

  it("keep a figure apart from one of the same key in another unit", () => {
    const two = of(trialOf("a", { figures: [figureOf("x", 5, { unit: "ns" })] }));
    const [table] = only(scenariosOf({ one: runOf("a"), two })).tables;
    expect(table?.columns.map(({ key, unit }) => `${key} ${unit}`)).toEqual(["x bytes", "x ns"]);
    expect(
      table?.rows.map(({ cells }) => cells.map(({ estimate }) => estimate?.median ?? null)),
    ).toEqual([
      [1, null],
      [null, 5],
    ]);
  });

  it("tell their workload once where it is the same, and else each run's", () => {
    const other = runOf("a");
    other.scenarios = [{ name: "latency", summary: "?", workload: "9 clients" }];
    const [one, two] = [runOf("a"), runOf("a")];
    expect(only(scenariosOf({ one, two })).workload).toBe("2 clients, 20 msg/s, 256 B");
    expect(only(scenariosOf({ one, other })).workload).toBe(
      "one: 2 clients, 20 msg/s, 256 B; other: 9 clients",
    );
  });

  it("keep to whom a doubt belongs", () => {
    const outcome = { status: "interrupted" } as const;
    const { doubts } = only(scenariosOf({ one: runOf("a"), two: of(trialOf("a", { outcome })) }));
    expect(doubts.map(({ run, variants }) => [run, variants])).toEqual([["two", ["a"]]]);
  });

  it("have findings each by itself", () => {
    const at = (a: number, b: number): Results =>
      resultsOf([
        ...trialsOf("a", "x", [a, a], { headline: true }),
        ...trialsOf("b", "x", [b, b], { headline: true }),
      ]);
    const runs = labelled({ one: at(1, 2), two: at(2, 1) });
    expect(findings(runs, summarise(runs))).toEqual([
      "one: Latency, x is lowest with a: 1.00 B; 2.00 B with b (2 times that).",
      "two: Latency, x is lowest with b: 1.00 B; 2.00 B with a (2 times that).",
    ]);
  });

  it.each([csv, figures])("are named in the first column of $file", (report) => {
    const text = report.render(labelled({ one: runOf("a"), two: runOf("a", "b") }));
    expect(rowsOf(text).map((row) => [row["run"], row["variant"]])).toEqual([
      ["one", "a"],
      ["two", "a"],
      ["two", "b"],
    ]);
  });
});
