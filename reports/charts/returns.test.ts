import { expect, test } from "vitest";
import { histogramOf } from "../../bench/measure/histogram.ts";
import type { Phase, Trial } from "../../bench/results/schema.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { returns } from "./returns.ts";
import { sourcesOf } from "./source.ts";

/** A trial in which `count` clients were cut off, and these received again after so many milliseconds. */
function cutTrial(variant: string, againMs: readonly number[], count = againMs.length): Trial {
  const until = histogramOf(againMs.map((ms) => ms * 1e6));
  const absences: Phase["absences"] = {
    count,
    lasting: count - againMs.length,
    dials: count,
    failedDials: 0,
    untilSubscribed: until,
    untilReceiving: until,
  };
  const middle = againMs[Math.floor(againMs.length / 2)];
  return trialOf(variant, {
    phases: [{ ...phaseOf(), name: "cut", absences }],
    figures: [
      figureOf("receiving.p50", middle === undefined ? null : middle * 1e6, {
        unit: "ns",
        phase: "cut",
        headline: true,
      }),
    ],
  });
}

function drawn(...trials: Trial[]): Chart[] {
  return sourcesOf([{ label: null, results: resultsOf(trials) }]).flatMap(
    (source) => returns(source) ?? [],
  );
}

test("a line rises to the share of cut clients that came back, with the last of them", () => {
  const [chart] = drawn(cutTrial("sse", [10, 20, 30], 4), cutTrial("websocket", [5, 6]));
  const ends = chart?.series.map(({ name, points }) => [name, points.at(-1)?.value]);
  expect(ends).toEqual([
    ["sse", 75],
    ["websocket", 100],
  ]);
  const [sse] = chart?.series ?? [];
  for (const [index, ms] of [10, 20, 30].entries()) {
    expect(sse?.points[index]?.at).toBeCloseTo(ms, 1);
    expect(sse?.points[index]?.value).toBeCloseTo(25 * (index + 1), 6);
  }
});

test("the title tells when half receive again, whatever the headline figure is", () => {
  const cut = cutTrial(
    "sse",
    Array.from({ length: 41 }, (_, client) => client),
  );
  const figures = [figureOf("back.p99", 1e9, { unit: "ns", phase: "cut", headline: true })];
  expect(drawn({ ...cut, figures })[0]?.title).toBe(
    "Half of the clients receive again within 20.0 ms with sse",
  );
});

test("trials of a variant are taken together", () => {
  const [chart] = drawn(cutTrial("sse", [10]), {
    ...cutTrial("sse", [30]),
    repetition: 2,
  });
  expect(chart?.series[0]?.points.map(({ value }) => value)).toEqual([50, 100]);
  expect(chart?.series[0]?.points[0]?.detail).toBe("of 2 cuts in 2 trials");
});

test("whoever nobody came back to isn't drawn, and why is said", () => {
  const [chart] = drawn(cutTrial("sse", [10]), cutTrial("websocket", [], 3));
  expect(chart?.series.map(({ name }) => name)).toEqual(["sse"]);
  expect(chart?.notes.join("\n")).toContain("websocket (nobody came back)");
});

test("scenarios in which nobody was away have no such chart", () => {
  const plain = trialOf("sse", {
    figures: [figureOf("delivery.p50", 1e6, { unit: "ns", phase: "steady", headline: true })],
  });
  expect(drawn(plain)).toEqual([]);
});
