import { expect, test } from "vitest";
import { figureOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { html } from "./html.tsx";
import { markdown } from "./markdown.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Table } from "./summary.ts";
import { terminal } from "./terminal.ts";

type Times = readonly [whole: number, fresh: number];

function chainTrial(variant: string, repetition: number, [whole, fresh]: Times): Trial {
  const time = { unit: "ns", table: "" } as const;
  return trialOf(variant, {
    repetition,
    figures: [
      figureOf("whole.time", whole * 1e6, { ...time, headline: true }),
      figureOf("new.time", fresh * 1e6, { ...time, table: "the same" }),
      figureOf("whole.bytes", 500_000),
      figureOf("new.bytes", 60_000, { table: "the same" }),
    ],
  });
}

function resultsWith(times: Readonly<Record<string, readonly Times[]>>): Results {
  const trials = Object.entries(times).flatMap(([variant, of]) =>
    of.map((both, index) => chainTrial(variant, index + 1, both)),
  );
  const results = resultsOf(trials);
  return {
    ...results,
    variants: results.variants.map((variant) =>
      Object.assign({}, variant, {
        transport: variant.name.split("+")[0] ?? "",
        options: variant.name.includes("+tls") ? { tls: "ec" } : {},
      }),
    ),
  };
}

const played = resultsWith({
  websocket: [
    [1_500, 1_480],
    [1_504, 1_482],
  ],
  "streaming+method=post": [
    [1_540, 1_510],
    [1_544, 1_512],
  ],
  "websocket+tls": [
    [1_560, 1_540],
    [1_560, 1_540],
  ],
  "sse+method=post": [
    [1_550, 1_520],
    [1_550, 1_520],
  ],
});

function split(results: Results): Table | undefined {
  return summarise(onlyRun(results)).scenarios[0]?.tables.find(
    ({ ofDifferences }) => ofDifferences,
  );
}

test("each HTTP variant is held against the WebSocket with its layers", () => {
  expect(split(played)?.rows.map(({ variant }) => variant)).toEqual([
    "streaming+method=post",
    "sse+method=post",
  ]);
});

test("the saving of both is split into that of the transport and that of the history", () => {
  const { rows = [], columns = [] } = split(played) ?? {};
  const shown = Object.fromEntries(
    columns.map(({ key }, index) => [key, (rows[0]?.cells[index]?.estimate?.median ?? 0) / 1e6]),
  );
  expect(shown).toEqual({
    "time.http.whole": 1_542,
    "time.http.new": 1_511,
    "time.websocket.whole": 1_502,
    "time.websocket.new": 1_481,
    "time.between": 35,
    "time.within": 26,
    "time.both": 61,
    "time.interaction": 10,
  });
});

test("a variant without a valid trial has no saving, and the reason is there", () => {
  const invalid: Results = {
    ...played,
    trials: played.trials.map((trial) =>
      trial.variant === "websocket" ? { ...trial, outcome: { status: "invalid" } } : trial,
    ),
  };
  const cell = split(invalid)?.rows[0]?.cells.at(-1);
  expect([cell?.estimate, cell?.remark]).toEqual([null, "one of the two has no valid trial"]);
});

test("a scenario without such figures, or without a WebSocket, has no such table", () => {
  expect(split(resultsOf([trialOf("websocket"), trialOf("sse")]))).toBeUndefined();
  expect(split(resultsWith({ "sse+method=post": [[2, 1]] }))).toBeUndefined();
});

test("the terminal, Markdown and the page show it", async () => {
  const runs = onlyRun(played);
  const title = /what WebSocket and a short history save of a chain's time/i;
  for (const text of [
    terminal.render(runs, { colour: false }),
    markdown.render(runs, {}),
    await html.render(runs, { draw: async () => null }),
  ]) {
    expect(text).toMatch(title);
    expect(text).toMatch(/saved by/);
  }
});
