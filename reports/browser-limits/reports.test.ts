import { describe, expect, it } from "vitest";
import { renderToString } from "preact-render-to-string";
import type { Figure, Results, Trial } from "../../bench/results/schema.ts";
import { columnsOf } from "../../bench/text/wrapped.ts";
import { figureOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { markdown } from "../markdown.ts";
import { onlyRun } from "../run.ts";
import { summarise } from "../summary.ts";
import type { ScenarioSummary } from "../summary.ts";
import { terminal } from "../terminal.ts";
import { browserTables } from "./limits.ts";
import { BrowserTables } from "./view.tsx";

interface Seen {
  readonly open?: readonly [number, number];
  readonly next?: string;
  readonly fetch?: string;
}

function limitTrial(
  variant: string,
  { open = [6, 6], next = "waits, no error", fetch = "waits" }: Seen = {},
): Trial {
  const words = (key: string, label: string, text: string): Figure =>
    figureOf(key, text, { label, unit: "text", better: "neither" });
  return trialOf(variant, {
    scenario: "browser-limits",
    figures: [
      figureOf("open.1", open[0], { label: "open,\n1 tab", unit: "count", better: "higher" }),
      figureOf("open.8", open[1], { label: "open,\n8 tabs", unit: "count", better: "higher" }),
      words("next", "the next one", next),
      words("scope", "limit of", "an origin"),
      words("fetch", "fetch", fetch),
      words("closing", "closing one", "lets one in after 4.2 ms"),
      words("agree", "server agrees", "yes"),
    ],
  });
}

function limitResults(trials: readonly Trial[]): Results {
  const results = resultsOf(trials);
  const [scenario] = results.scenarios;
  if (scenario === undefined) throw new Error("no scenario");
  return {
    ...results,
    scenarios: [{ ...scenario, name: "browser-limits" }],
    cells: results.cells.map((cell) => Object.assign({}, cell, { scenario: "browser-limits" })),
  };
}

const results = limitResults([
  limitTrial("sse:browser"),
  limitTrial("sse:browser+h2", { open: [100, 100] }),
  limitTrial("websocket:firefox", {
    open: [200, 200],
    next: "fails at once: close event, code 1006",
    fetch: "9.0 ms",
  }),
]);

const hostile = limitResults([limitTrial("sse:browser", { next: "| **b** <img src=x>\u001B[2J" })]);

describe("limits of browsers", () => {
  it("are a truth table for each browser in a terminal", () => {
    const text = terminal.render(onlyRun(results), { colour: false, width: 120 });
    expect(
      text.slice(text.indexOf("Chromium"), text.indexOf("A connection") - 1),
    ).toMatchSnapshot();
  });

  it.each([40, 80, 120])("keep to %i columns", (width) => {
    for (const given of [results, hostile]) {
      const lines = terminal.render(onlyRun(given), { colour: false, width }).split("\n");
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
    }
  });

  it("are the main tables in Markdown, which nothing gets out of", () => {
    const text = markdown.render(onlyRun(results));
    expect(text).toMatch(/\| sse, HTTP\/2 +\| 100 +\| 100 +\| waits, no error/);
    expect(text).toContain("<summary>More of browser-limits: figures</summary>");
    expect(markdown.render(onlyRun(hostile))).not.toMatch(/(?<!\\)<img/);
  });

  it("stand in the page", () => {
    const tables = browserTables(summaryOf(results));
    const text = renderToString(BrowserTables({ tables, id: "x" }));
    expect(text).toContain("<bdi>fails at once: close event, code 1006</bdi>");
    const shown = renderToString(
      BrowserTables({ tables: browserTables(summaryOf(hostile)), id: "x" }),
    );
    expect(shown).not.toContain("<img");
  });
});

function summaryOf(given: Results): ScenarioSummary {
  const [scenario] = summarise(onlyRun(given)).scenarios;
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}
