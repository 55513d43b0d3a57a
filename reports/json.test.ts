import { describe, expect, it } from "vitest";
import { environment, figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Results } from "../bench/results/schema.ts";
import { jsonSchema } from "./json-schema.ts";
import type { JsonSummary } from "./json-schema.ts";
import { json } from "./json.ts";
import type { Run } from "./run.ts";
import { onlyRun } from "./run.ts";

function parsed(runs: readonly Run[]): JsonSummary {
  return jsonSchema.parse(JSON.parse(json.render(runs)));
}

/** The cells of `latency`'s main table, by variant. */
function cellsOf(results: Results): Record<string, unknown> {
  const rows = parsed(onlyRun(results)).scenarios[0]?.tables[0]?.rows ?? [];
  return Object.fromEntries(rows.map(({ variant, cells }) => [variant, cells]));
}

const late = { code: "late-publisher", phase: "steady", detail: "late" } as const;

describe("the JSON report", () => {
  it("says what the tables say", () => {
    const document = parsed(
      onlyRun(
        resultsOf([
          ...trialsOf("sse", "x", [1, 2, 3], { headline: true, about: "how to read it" }),
          trialOf("websocket", {
            outcome: { status: "invalid" },
            warnings: [late],
            figures: [figureOf("x", 7)],
          }),
        ]),
      ),
    );
    expect(document).toMatchSnapshot();
  });

  it("tells bounds, words and what couldn't be had apart", () => {
    const cells = cellsOf(
      resultsOf([
        trialOf("bound", { figures: [figureOf("x", 5, { bound: "at least", note: "ended" })] }),
        trialOf("words", { figures: [figureOf("x", "EMFILE")] }),
        trialOf("nothing", { figures: [figureOf("x", null, { note: "too few" })] }),
      ]),
    );
    expect(cells).toMatchObject({
      bound: [{ median: 5, low: null, high: null, trials: 1, atLeast: true, remark: "ended" }],
      words: [{ median: null, text: "EMFILE", trials: 0 }],
      nothing: [{ median: null, text: null, remark: "too few" }],
    });
  });

  it("has null for what is no number", () => {
    const cells = cellsOf(resultsOf(trialsOf("sse", "x", [Number.NaN, Number.NaN])));
    expect(cells).toMatchObject({ sse: [{ median: null, low: null, high: null }] });
  });

  it("has several runs side by side, with what differs around them", () => {
    const host = { ...environment.host, kernel: "6.2.0" };
    const run = (label: string, value: number, change: Partial<Results> = {}): Run => ({
      label,
      results: resultsOf(trialsOf("sse", "x", [value], { headline: true }), change),
    });
    const document = parsed([
      run("before", 1),
      run("after", 2, { environment: { ...environment, host } }),
    ]);
    expect(document.runs.map(({ label }) => label)).toEqual(["before", "after"]);
    expect(document.differences).toEqual([
      {
        first: "before",
        other: "after",
        environment: [{ field: "host.kernel", before: "6.1.0", after: "6.2.0" }],
        configuration: [],
      },
    ]);
    expect(document.findings.map(({ run }) => run)).toEqual(["before", "after"]);
    expect(
      document.scenarios[0]?.tables[0]?.rows.map(({ run, cells }) => [run, cells[0]?.median]),
    ).toEqual([
      ["before", 1],
      ["after", 2],
    ]);
  });

  it("passes texts on as they are", () => {
    const bad = '<b>\u001B[31m\u009B2J\n"quoted" \u2028';
    const document = parsed(onlyRun(resultsOf(trialsOf(bad, "x", [1]))));
    expect(document.scenarios[0]?.tables[0]?.rows[0]?.variant).toBe(bad);
    // No control character reaches a terminal as one.
    expect(json.render(onlyRun(resultsOf(trialsOf(bad, "x", [1]))))).not.toMatch(
      /[\u001B\u009B\u2028]/,
    );
  });
});
