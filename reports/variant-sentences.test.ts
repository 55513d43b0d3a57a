import { describe, expect, it } from "vitest";
import { figureOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import type { Trial } from "../bench/results/schema.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import { variantSentences } from "./variant-sentences.ts";

const bytes = { adds: "{value}/msg", headline: true };
const setUp = { adds: "{value} set-up" };
const latency = { adds: "{value} latency (p50)", unit: "ns" } as const;

/** Two trials, the second with so much more of everything. */
function trials(
  variant: string,
  { setUpBytes = 100, perMessage = 10, ns = 1e6, spread = 0 },
): Trial[] {
  return [0, spread].map((more, index) =>
    trialOf(variant, {
      repetition: index + 1,
      figures: [
        figureOf("setUp", setUpBytes + more, setUp),
        figureOf("overhead", perMessage + more, bytes),
        figureOf("p50", ns + more, latency),
        figureOf("untold", perMessage + more),
      ],
    }),
  );
}

function told(...all: readonly Trial[]): string[] {
  const results = resultsOf(all);
  return variantSentences(summarise(onlyRun(results)).scenarios, null);
}

describe("what variants add", () => {
  it("is told of each transport in one sentence, the headline first", () => {
    expect(
      told(
        ...trials("sse", { setUpBytes: 289, perMessage: 21 }),
        ...trials("sse+tls", { setUpBytes: 1_849, perMessage: 43 }),
        ...trials("sse+gzip", { setUpBytes: 350, perMessage: -127 }),
        ...trials("websocket", { setUpBytes: 292, perMessage: 4 }),
        ...trials("websocket+tls", { setUpBytes: 1_849, perMessage: 26, ns: 3e6 }),
      ),
    ).toEqual([
      "Beside sse, +tls: +22.0 B/msg, +1560 B set-up; +gzip: −148 B/msg, +61 B set-up.",
      "Beside websocket, +tls: +22.0 B/msg, +1560 B set-up, +2.00 ms latency (p50).",
    ]);
  });

  it("is only what trials show", () => {
    const all = [
      ...trials("sse", { setUpBytes: 289, perMessage: 21, spread: 50 }),
      ...trials("sse+tls", { setUpBytes: 299, perMessage: 31, spread: 50 }),
    ];
    expect(told(...all)).toEqual([]);
  });

  it("is not what the digits of the figures don't show", () => {
    const all = [
      ...trials("sse", { setUpBytes: 52_124, perMessage: 21 }),
      ...trials("sse+x", { setUpBytes: 52_126, perMessage: 21 }),
    ];
    expect(told(...all)).toEqual([]);
  });

  it("is nothing where each transport has one variant", () => {
    expect(
      told(
        ...trials("sse", { setUpBytes: 1, perMessage: 2 }),
        ...trials("tcp", { setUpBytes: 3, perMessage: 4 }),
      ),
    ).toEqual([]);
  });

  it("is told of the first of many variants, and the others are counted", () => {
    const names = Array.from({ length: 9 }, (_, index) => `sse+o=${index}`);
    const many = names.flatMap((name, index) => trials(name, { perMessage: 10 + index }));
    const [text = ""] = told(...trials("sse", { perMessage: 1 }), ...many);
    expect(text).toMatch(
      /^Beside sse, \+o=0: \+9\.00 B\/msg; .*; \+o=6: \+15\.0 B\/msg; 2 more\.$/,
    );
  });

  it("is told by the first variant where there is no plain one", () => {
    const all = [
      ...trials("sse+tls", { setUpBytes: 9, perMessage: 2 }),
      ...trials("sse+h2", { setUpBytes: 9, perMessage: 4 }),
    ];
    expect(told(...all)).toEqual(["Beside sse+tls, +h2: +2.00 B/msg."]);
  });
});
