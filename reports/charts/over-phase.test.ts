import { expect, test } from "vitest";
import type { Phase, Trial } from "../../bench/results/schema.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { histogramOf } from "../../bench/measure/histogram.ts";
import type { Chart } from "./chart.ts";
import { dialsOverTime, latenessOverTime, memoryOverTime } from "./over-phase.ts";
import { sourcesOf } from "./source.ts";

function trialWith(variant: string, phase: Partial<Phase>, repetition = 1): Trial {
  return trialOf(variant, {
    repetition,
    phases: [{ ...phaseOf(), name: "told", ...phase }],
    figures: [figureOf("key", 1, { phase: "told", headline: true })],
  });
}

const noTimes = histogramOf([]);
const dialled = (dials: number[]): Partial<Phase> => ({
  restarts: [{ atMs: 0, downMs: 100, cpuMs: [] }],
  absences: {
    count: 1,
    lasting: 0,
    dials: 1,
    failedDials: 0,
    untilSubscribed: noTimes,
    untilReceiving: noTimes,
    course: { stepMs: 100, dials, failed: [], back: [] },
  },
});
const held = (heapBytes: number[]): Partial<Phase> => ({
  memoryCourse: { stepMs: 100, residentBytes: heapBytes, heapBytes },
});

function drawn(draw: typeof dialsOverTime, ...trials: Trial[]): Chart | undefined {
  return sourcesOf([{ label: null, results: resultsOf(trials) }]).flatMap(
    (source) => draw(source) ?? [],
  )[0];
}

const pointsOf = (chart: Chart | undefined): unknown =>
  chart?.series.map(({ points }) => points.map(({ at, value }) => [at, value]));

test("dials are drawn per second, each step where it began", () => {
  const chart = drawn(dialsOverTime, trialWith("sse", dialled([0, 3, 1])));
  expect(pointsOf(chart)).toEqual([
    [
      [0, 0],
      [0.1, 30],
      [0.2, 10],
    ],
  ]);
  expect(chart?.title).toBe("At most 30.0 dials per second with sse");
});

test("what arrives late is drawn by when it was due, and nothing where nothing was due", () => {
  const slices = [1e6, null, 5e6].map((meanNs) => ({
    count: meanNs === null ? 0 : 2,
    meanNs,
    maxNs: meanNs,
  }));
  const phase = { ...dialled([1]), timeline: { sliceMs: 100, slices } };
  const chart = drawn(latenessOverTime, trialWith("sse", phase));
  expect(pointsOf(chart)).toEqual([
    [
      [0, 1],
      [0.2, 5],
    ],
  ]);
  expect(chart?.title).toBe("What is latest takes on average 5.00 ms with sse");
});

test("a step is the median of the trials that have it", () => {
  const trials = [[1], [2, 4], [9, 6]].map((dials, index) =>
    trialWith("sse", dialled(dials), index + 1),
  );
  expect(pointsOf(drawn(dialsOverTime, ...trials))).toEqual([
    [
      [0, 20],
      [0.1, 50],
    ],
  ]);
});

test("memory is drawn where it was watched, and who has none is named", () => {
  const chart = drawn(
    memoryOverTime,
    trialWith("sse", held([1e6, 4e6])),
    trialWith("websocket", {}),
  );
  expect(pointsOf(chart)).toEqual([
    [
      [0, 1],
      [0.1, 4],
    ],
  ]);
  expect(chart?.notes.join("\n")).toContain("websocket (its server's memory wasn't watched)");
});

test("where nothing was kept over time, there is no such chart", () => {
  const plain = trialWith("sse", {});
  expect([drawn(dialsOverTime, plain), drawn(memoryOverTime, plain)]).toEqual([
    undefined,
    undefined,
  ]);
});
