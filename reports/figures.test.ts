import { describe, expect, it } from "vitest";
import { rowsOf } from "../test/csv-rows.ts";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Results } from "../bench/results/schema.ts";
import { figures } from "./figures.ts";
import { onlyRun } from "./run.ts";

function rendered(results: Results): Record<string, string>[] {
  return rowsOf(figures.render(onlyRun(results)));
}

describe("the figures as CSV", () => {
  it("have a row for each figure, with its interval and what it rests on", () => {
    const figure = { unit: "ns", label: "set-up\np50", table: "details" } as const;
    const [row, ...others] = rendered(resultsOf(trialsOf("sse", "setUp.p50", [3, 1, 2], figure)));
    expect(others).toEqual([]);
    expect(row).toEqual({
      run: "",
      scenario: "latency",
      table: "details",
      variant: "sse",
      reference: "false",
      key: "setUp.p50",
      label: "set-up p50",
      unit: "ns",
      better: "lower",
      median: "2",
      low: "1",
      high: "3",
      confidence: "0.75",
      text: "",
      trials: "3",
      rank: "",
      validTrials: "3",
      trialsPlayed: "3",
      bound: "exact",
      clockBound: "",
      note: "",
    });
  });

  it("have each variant and table in the order of the report, the floor last", () => {
    const pair = [figureOf("x", 1), figureOf("y", 2, { table: "details" })];
    const results = resultsOf([
      trialOf("tcp", { figures: pair }),
      trialOf("sse", { figures: pair }),
    ]);
    for (const variant of results.variants) variant.reference = variant.name === "tcp";
    const rows = rendered(results);
    expect(rows.map((row) => [row["table"], row["variant"], row["key"], row["reference"]])).toEqual(
      [
        ["", "sse", "x", "false"],
        ["", "tcp", "x", "true"],
        ["details", "sse", "y", "false"],
        ["details", "tcp", "y", "true"],
      ],
    );
  });

  it("have the range where a search ended before it was exact, also from a single trial", () => {
    const held = { bound: "range", most: 999 } as const;
    for (const values of [[968], [968, 968, 968]]) {
      const [row] = rendered(resultsOf(trialsOf("sse", "held", values, held)));
      expect(row).toMatchObject({ median: "968", low: "968", high: "999", bound: "range" });
    }
  });

  it("have no interval from a single trial", () => {
    const [row] = rendered(resultsOf(trialsOf("sse", "x", [5])));
    expect(row).toMatchObject({ median: "5", low: "", high: "", confidence: "", validTrials: "1" });
  });

  it("are empty where there is none, and say why", () => {
    const note = "too few deliveries for this percentile";
    const invalid = trialOf("websocket", {
      outcome: { status: "invalid" },
      warnings: [{ code: "clock", phase: "steady", detail: "" }],
      figures: [figureOf("p99", 3)],
    });
    const rows = rendered(resultsOf([...trialsOf("sse", "p99", [7, null], { note }), invalid]));
    expect(rows).toMatchObject([
      { variant: "sse", median: "", bound: "", validTrials: "2", note },
      {
        variant: "websocket",
        median: "",
        validTrials: "0",
        note: "no valid trial: clocks that differ",
      },
    ]);
  });

  it("have a row for a variant even when no one has a figure", () => {
    const outcome = { status: "failed", by: "server", reason: "it died", stderr: "" } as const;
    const rows = rendered(resultsOf([trialOf("sse", { outcome })]));
    expect(rows).toMatchObject([
      { variant: "sse", key: "", trialsPlayed: "1", note: "no valid trial: failed" },
    ]);
  });

  it("hold words apart from numbers, and tell what is bounded", () => {
    const rows = rendered(
      resultsOf([
        trialOf("sse", {
          figures: [
            figureOf("held", 100, { bound: "at least", note: "nothing stopped it" }),
            figureOf("stopped", "EMFILE", { unit: "text", better: "neither" }),
          ],
        }),
      ]),
    );
    expect(rows).toMatchObject([
      { key: "held", median: "100", text: "", bound: "at least", note: "nothing stopped it" },
      { key: "stopped", median: "", text: "EMFILE", bound: "", note: "" },
    ]);
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["@SUM(1)", "'@SUM(1)"],
    ["-1", "'-1"],
  ])("hold no formula when a name or a note is %s, but negative numbers", (text, shown) => {
    const figure = { label: text, note: text, table: text };
    const [row] = rendered(resultsOf(trialsOf(text, text, [-4], figure)));
    expect(row).toMatchObject({
      variant: shown,
      table: shown,
      key: shown,
      label: shown,
      note: shown,
      median: "-4",
    });
  });
});
