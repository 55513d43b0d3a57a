import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { overviewOf } from "./overview.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Table } from "./summary.ts";

/** Results of several scenarios, in the order of their first trial. */
function resultsOfAll(trials: readonly Trial[]): Results {
  const names = [...new Set(trials.map(({ scenario }) => scenario))];
  const results = resultsOf(trials);
  const [cell] = results.cells;
  if (cell === undefined) throw new Error("there is a trial");
  return {
    ...results,
    scenarios: names.map((name) => ({ name, summary: "?", workload: "2 clients" })),
    cells: trials.map(({ variant, scenario }) => ({ ...cell, variant, scenario })),
  };
}

function overview(...trials: Trial[]): Table {
  return overviewOf(summarise(onlyRun(resultsOfAll(trials))));
}

function keysOf({ columns }: Table): string[] {
  return columns.map(({ key }) => key);
}

const headline = { headline: true };

function latency(variant: string, p50: number): Trial {
  return trialOf(variant, {
    figures: [
      figureOf("delivery.p50", p50, headline),
      figureOf("delivery.p90", p50),
      figureOf("delivery.p99", p50),
      figureOf("loss", 0),
      figureOf("cpu.server", 3, { table: "CPU time", label: "server" }),
    ],
  });
}

describe("the overview", () => {
  it("has the headlines of all scenarios, with their losses and what else matters", () => {
    const overhead = trialOf("sse", {
      scenario: "overhead",
      figures: [
        figureOf("setUp", 1),
        figureOf("overhead.at20", 21.5, { ...headline, label: "B/msg at\n20/s" }),
        figureOf("idle", 32),
      ],
    });
    const table = overview(latency("sse", 1), overhead);
    expect(keysOf(table)).toEqual([
      "latency.delivery.p50",
      "latency.delivery.p99",
      "latency.loss",
      "latency.cpu.server",
      "overhead.overhead.at20",
      "overhead.idle",
    ]);
    expect(table.columns.map(({ label }) => label)).toEqual([
      "latency\ndelivery.p50\nof 1 trial",
      "latency\ndelivery.p99\nof 1 trial",
      "latency\nloss\nof 1 trial",
      "latency\nserver CPU, ms/1000 deliveries\nof 1 trial",
      "overhead\nB/msg at 20/s\nof 1 trial",
      "overhead\nidle\nof 1 trial",
    ]);
    expect(table.rows[0]?.cells.map(({ estimate }) => estimate?.median)).toEqual([
      1, 1, 0, 3, 21.5, 32,
    ]);
  });

  it("shows the headline of a scenario that it has never heard of", () => {
    const figures = [figureOf("gap", 5, headline), figureOf("other", 6)];
    const table = overview(latency("sse", 1), trialOf("sse", { scenario: "roaming", figures }));
    expect(keysOf(table).at(-1)).toBe("roaming.gap");
  });

  it("takes what isn't a headline from the first scenario in which somebody has it", () => {
    const p99 = (scenario: string, value: number | null): Trial =>
      trialOf("sse", { scenario, figures: [figureOf("delivery.p99", value)] });
    expect(keysOf(overview(p99("echo", null), p99("a", 7), p99("b", 8)))).toEqual([
      "a.delivery.p99",
    ]);
  });

  it("leaves out headlines never, and the rest where it would get too wide", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      trialOf("sse", { scenario: `s${index}`, figures: [figureOf("x", 1, headline)] }),
    );
    const table = overview(...many, latency("sse", 1));
    expect(table.columns).toHaveLength(14);
    expect(keysOf(table).slice(12)).toEqual(["latency.delivery.p50", "latency.loss"]);
  });

  it("counts the trials of all scenarios, and says why somebody has none", () => {
    const failed: Partial<Trial> = {
      outcome: { status: "failed", by: "server", reason: "it died", stderr: "" },
      figures: [],
    };
    const table = overview(
      latency("sse", 1),
      latency("websocket", 1),
      trialOf("sse", { scenario: "echo", ...failed }),
      trialOf("websocket", { scenario: "echo", figures: [figureOf("x", 1, headline)] }),
      trialOf("tcp", { ...failed }),
    );
    expect(
      table.rows.map(({ variant, valid, played, none }) => [variant, valid, played, none]),
    ).toEqual([
      ["sse", 1, 2, null],
      ["websocket", 2, 2, null],
      ["tcp", 0, 1, "no valid trial: failed"],
    ]);
    const index = keysOf(table).indexOf("echo.x");
    expect(table.rows.map(({ cells }) => cells[index]?.remark)).toEqual([
      "no valid trial: failed",
      null,
      "not played",
    ]);
  });

  it("says who has stated nothing in a table beside the main one", () => {
    const bare = trialOf("websocket", { figures: [figureOf("delivery.p50", 1, headline)] });
    const table = overview(latency("sse", 1), bare);
    const index = keysOf(table).indexOf("latency.cpu.server");
    expect(table.rows.map(({ cells }) => cells[index]?.remark)).toEqual([
      null,
      "this variant doesn't have it",
    ]);
  });

  it("says of each column on how many trials its figures rest", () => {
    const again = (count: number, of: (repetition: number) => Trial): Trial[] =>
      Array.from({ length: count }, (_, index) => of(index + 1));
    const table = overview(
      ...again(3, (repetition) => ({ ...latency("a", 1), repetition })),
      ...again(2, (repetition) => ({ ...latency("b", 2), repetition })),
      ...again(4, (repetition) =>
        trialOf("a", { scenario: "c", repetition, figures: [figureOf("x", 1, headline)] }),
      ),
    );
    const labels = table.columns.map(({ label }) => label.split("\n").at(-1));
    expect(new Set(labels.slice(0, -1))).toEqual(new Set(["over 2 to 3 trials"]));
    expect(labels.at(-1)).toBe("over 4 trials");
  });

  it("keeps what scenarios decided: what is best, and what is a bound", () => {
    const held = figureOf("held", 9, { ...headline, better: "higher", bound: "at least" });
    const table = overview(
      ...["a", "a", "b", "b"].map((name) => latency(name, name === "a" ? 1 : 2)),
      trialOf("a", { scenario: "c", figures: [held] }),
    );
    expect(table.rows.map(({ cells }) => cells[0]?.best)).toEqual([true, false]);
    expect(table.rows[0]?.cells.at(-1)).toMatchObject({ atLeast: true });
  });

  it("has the floor last, and a variant's runs one below the other", () => {
    const results = resultsOfAll([latency("tcp", 1), latency("sse", 2), latency("websocket", 2)]);
    for (const variant of results.variants) variant.reference = variant.name === "tcp";
    const runs = ["before", "after"].map((label) => ({ label, results }));
    const { rows } = overviewOf(summarise(runs));
    expect(rows.map(({ variant, run }) => `${variant} ${run}`)).toEqual([
      "sse before",
      "sse after",
      "websocket before",
      "websocket after",
      "tcp before",
      "tcp after",
    ]);
  });

  it("has rows also where no figure was stated at all", () => {
    const { columns, rows } = overview(trialOf("sse"));
    expect({ columns, rows }).toMatchObject({ columns: [], rows: [{ variant: "sse", cells: [] }] });
  });
});
