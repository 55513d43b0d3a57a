import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { clientLibraries } from "./client-libraries.ts";
import { html } from "./html.tsx";
import { markdown } from "./markdown.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Table } from "./summary.ts";
import { terminal } from "./terminal.ts";

/** Results of SSE, whose clients are told by the names of the variants. */
function resultsWith(...trials: readonly Trial[]): Results {
  const results = resultsOf(trials);
  for (const variant of results.variants) {
    variant.client = /:([^@+]+)/.exec(variant.name)?.[1] ?? "default";
    variant.options = { heartbeatMs: variant.name.includes("@1m") ? 60_000 : 15_000 };
  }
  return results;
}

function tableOf(results: Results): Table | null {
  const runs = onlyRun(results);
  return clientLibraries(runs, summarise(runs));
}

const cpu = [
  ...trialsOf("sse", "cpu.client", [10, 11, 12, 10, 11, 12], { unit: "ms" }),
  ...trialsOf("sse:fetch", "cpu.client", [20, 21, 22, 20, 21, 22], { unit: "ms" }),
];

describe("the table of client libraries", () => {
  it("has what a client takes more than the leanest one, with an interval", () => {
    const table = tableOf(resultsWith(...cpu));
    expect(table?.rows.map(({ variant }) => variant)).toEqual(["sse:fetch"]);
    const estimate = table?.rows[0]?.cells[0]?.estimate;
    expect(estimate?.median).toBe(10);
    expect(estimate?.interval?.low).toBeLessThan(10);
    expect(estimate?.interval?.high).toBeGreaterThan(10);
  });

  it("compares clients of the same options only", () => {
    const other = trialsOf("sse:fetch@1m", "cpu.client", [30, 31], { unit: "ms" });
    expect(tableOf(resultsWith(...cpu, ...other))?.rows.map(({ variant }) => variant)).toEqual([
      "sse:fetch",
    ]);
    const alone = trialsOf("sse", "cpu.client", [10, 11], { unit: "ms" });
    expect(tableOf(resultsWith(...alone, ...other))).toBeNull();
  });

  it("is left out where no figure tells clients apart", () => {
    expect(
      tableOf(resultsWith(...trialsOf("sse", "x", [1]), ...trialsOf("sse:fetch", "x", [2]))),
    ).toBe(null);
  });

  it("says why a difference is missing", () => {
    const figures = [figureOf("clientMemory", null, { note: "needs more clients" })];
    const table = tableOf(
      resultsWith(...trialsOf("sse", "clientMemory", [5_000]), trialOf("sse:fetch", { figures })),
    );
    expect(table?.rows[0]?.cells[0]).toMatchObject({
      estimate: null,
      remark: "needs more clients",
    });
    const turned = tableOf(
      resultsWith(trialOf("sse", { figures }), ...trialsOf("sse:fetch", "clientMemory", [9_000])),
    );
    expect(turned?.rows[0]?.cells[0]?.remark).toBe("sse: needs more clients");
  });

  it("stands in the terminal, in Markdown and in the page, and only where it has rows", async () => {
    const title = /client librar/i;
    for (const [trials, shown] of [
      [cpu, true],
      [cpu.slice(0, 6), false],
    ] as const) {
      const runs = onlyRun(resultsWith(...trials));
      expect(title.test(terminal.render(runs, { colour: false }))).toBe(shown);
      expect(title.test(markdown.render(runs))).toBe(shown);
      expect((await html.render(runs, { draw: async () => null })).includes('id="clients"')).toBe(
        shown,
      );
    }
  });
});
