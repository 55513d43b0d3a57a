import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pageResults } from "../test/page-fixture.ts";
import { figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import { html } from "./html.tsx";
import { onlyRun } from "./run.ts";
import type { Run } from "./run.ts";

const nothing = { draw: async () => null };

function page(runs: readonly Run[]): Promise<string> {
  return html.render(runs, nothing);
}

const usual = await page(onlyRun(pageResults()));

/** What stands between the first `begin` and the next `end`. */
function between(text: string, begin: string, end: string): string {
  const from = text.indexOf(begin) + begin.length;
  return text.slice(from, text.indexOf(end, from));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

describe("its policy", () => {
  const policy = between(usual, 'http-equiv="Content-Security-Policy" content="', '"');

  it("lets nothing load and nothing run but its own style and script", () => {
    const style = sha256(between(usual, "<style>", "</style>"));
    const script = sha256(between(usual, "<script>", "</script>"));
    expect(policy).toBe(
      `default-src 'none'; img-src data:; font-src data:; style-src 'sha256-${style}'; ` +
        `script-src 'sha256-${script}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it("stands before anything that it is about", () => {
    expect(usual.indexOf("Content-Security-Policy")).toBeLessThan(usual.indexOf("<title>"));
    expect(usual.indexOf("Content-Security-Policy")).toBeLessThan(usual.indexOf("<style>"));
  });

  it("needs no exception for attributes", () => {
    const body = between(usual, "<body>", '<script type="application/json"');
    expect(body).not.toMatch(/<[^>]* (?:style|on[a-z]+)=/);
  });
});

it("tells in the order in which it is asked", () => {
  const ids = [...usual.matchAll(/<h2 id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toEqual([
    "findings",
    "overview",
    "scenario-latency",
    "scenario-overhead",
    "scenario-connections",
    "warnings",
    "cost",
    "method",
    "environment",
    "repeat",
    "raw",
  ]);
  expect(usual.match(/<h1/g)).toHaveLength(1);
});

it("gives each id once, also where scenarios are called alike", async () => {
  const results = pageResults();
  const scenarios = ["latency", "Latency!", "LATENCY"].map((name) => ({
    name,
    summary: "",
    workload: "",
  }));
  const text = await page(onlyRun({ ...results, scenarios }));
  const body = between(text, "<body>", "<script>");
  const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it("carries its data as JSON that ends no script", () => {
  const data = between(usual, '<script type="application/json" id="page-data">', "</script>");
  expect(data).not.toContain("<");
  expect(Object.keys(JSON.parse(data))).toEqual(["charts", "costs", "inputs", "tables"]);
});

it("shows bounds as such, the best by a sign, and why there is nothing", async () => {
  const text = await page(
    onlyRun(
      resultsOf([
        ...trialsOf("a", "held", [5_000, 5_000], { bound: "at least", better: "higher" }),
        ...[1, 2].map((repetition) =>
          trialOf("b", {
            repetition,
            figures: [figureOf("held", null, { note: "the server ended", better: "higher" })],
          }),
        ),
      ]),
    ),
  );
  expect(text).toMatch(/≥ (?:<!-- -->)?5000/);
  expect(text).toContain("n/a");
  expect(text).toContain("the server ended");
  expect(text).not.toContain("infinity");
});

it("says what a run isn't", async () => {
  const results = pageResults();
  const run = { ...results.run, status: "interrupted", fault: '{"kind":"late"}' } as const;
  const text = await page(onlyRun({ ...results, run }));
  expect(text).toMatch(/INTERRUPTED<\/strong>: part of it is missing/);
  expect(text).toContain("FAULT MADE ON PURPOSE: {&quot;kind&quot;:&quot;late&quot;}");
});

it("shows several runs side by side, and what differs between them", async () => {
  const then = pageResults();
  const host = { ...then.environment.host, kernel: "6.18.0" };
  const now = { ...then, environment: { ...then.environment, host } };
  const text = await page([
    { label: "then", results: then },
    { label: "now", results: now },
  ]);
  const differences = between(text, 'id="differences"', "</section>");
  expect(differences).toContain("<code>host.kernel</code>");
  expect(differences).toContain("6.18.0");
  expect(text.match(/<span class="below"><bdi class="run">now<\/bdi>/g)?.length).toBeGreaterThan(5);
});

it("says what the floor is where it stands among costs", () => {
  const cost = between(usual, '<h2 id="cost"', "</section>");
  expect(cost).toMatch(/floor/);
  expect(cost.replaceAll("<!-- -->", "")).toContain(
    "<strong>The floor</strong> is the cost of the machine and the harness, measured with the cheapest conceivable transport",
  );
});

it("tells every warning with its advice, and everywhere that it was raised", () => {
  const warnings = between(usual, '<h2 id="warnings"', "</section>");
  expect(warnings).toContain("<code>steal</code>");
  expect(warnings).toContain("use a machine with dedicated processors");
  expect(warnings).toContain("websocket, trial 4, steady: 2.7 % of processor time");
});
