import { expect, test } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { recordedTokens } from "../../test/measured-tokens-fixture.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { sourcesOf } from "./source.ts";
import { tokenArrivals } from "./token-arrivals.ts";

const dueMs = [100, 120, 140, 160];

/** A trial in which the tokens of an answer came so. */
function tokenTrial(variant: string, arrivedMs: readonly (number | null)[]): Trial {
  const course = { client: 0, request: 0, dueMs, arrivedMs: [...arrivedMs] };
  const tokens = recordedTokens(dueMs.length, { courses: [course] });
  return trialOf(variant, {
    phases: [{ ...phaseOf(), tokens }],
    figures: [figureOf("late.p99", 1e6, { unit: "ns", phase: "steady", headline: true })],
  });
}

function drawn(...trials: Trial[]): Chart | null | undefined {
  return sourcesOf([{ label: null, results: resultsOf(trials) }]).map(tokenArrivals)[0];
}

const pairsOf = (chart: Chart | null | undefined, name: string): number[][] | undefined =>
  chart?.series.find((series) => series.name === name)?.points.map(({ at, value }) => [at, value]);

test("what comes when it is due lies on the diagonal, and what is held back in stairs", () => {
  const chart = drawn(
    tokenTrial("sse", [101, 121, 141, 161]),
    tokenTrial("websocket", [140, 140, 140, 180]),
  );
  expect(pairsOf(chart, "sse")?.map(([at = 0, value = 0]) => value - at)).toEqual([1, 1, 1, 1]);
  expect(pairsOf(chart, "websocket")?.map(([, value]) => value)).toEqual([140, 140, 140, 180]);
  expect(pairsOf(chart, "when due")).toEqual([
    [100, 100],
    [160, 160],
  ]);
  expect(chart?.title).toBe(
    "The latest token of an answer comes 1.00 ms after it was due with sse and 40.0 with websocket",
  );
});

test("what didn't come isn't drawn", () => {
  const chart = drawn(tokenTrial("sse", [101, null, 141, null]));
  expect(pairsOf(chart, "sse")).toEqual([
    [100, 101],
    [140, 141],
  ]);
});

test("a variant of which nothing came is named, and a scenario without tokens has no such chart", () => {
  const chart = drawn(tokenTrial("sse", dueMs), tokenTrial("tcp", [null, null, null, null]));
  expect(chart?.notes.join()).toContain("tcp (no answer of it was kept token by token)");
  const plain = trialOf("sse", {
    figures: [figureOf("delivery.p50", 1e6, { unit: "ns", phase: "steady", headline: true })],
  });
  expect(drawn(plain)).toBeNull();
});
