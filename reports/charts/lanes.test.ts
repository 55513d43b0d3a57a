import { expect, test } from "vitest";
import { histogramOf } from "../../bench/measure/histogram.ts";
import type { Lane, Trial } from "../../bench/results/schema.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { lanes } from "./lanes.ts";
import { sourcesOf } from "./source.ts";

const absent = (client: number, lane: Partial<Lane> = {}): Lane => ({
  client,
  awayMs: 100,
  backMs: 150,
  caughtUpMs: null,
  replayed: 0,
  doubled: 0,
  ...lane,
});

function cutTrial(variant: string, all: readonly Lane[]): Trial {
  const backMs = all.flatMap((lane) => (lane.backMs === null ? [] : [lane.backMs - lane.awayMs]));
  const until = histogramOf(backMs.map((ms) => ms * 1e6));
  return trialOf(variant, {
    phases: [
      {
        ...phaseOf(),
        name: "cut",
        durationMs: 1_000,
        absences: {
          count: all.length,
          lasting: all.length - backMs.length,
          dials: all.length,
          failedDials: 0,
          untilSubscribed: until,
          untilReceiving: until,
          lanes: [...all],
        },
      },
    ],
    figures: [figureOf("receiving.p50", 1e6, { unit: "ns", phase: "cut", headline: true })],
  });
}

function drawn(...trials: Trial[]): Chart | undefined {
  const [chart] = sourcesOf([{ label: null, results: resultsOf(trials) }]).flatMap(
    (source) => lanes(source) ?? [],
  );
  return chart;
}

const stretches = (chart: Chart | undefined): unknown =>
  Object.fromEntries(
    (chart?.series ?? []).map(({ name, points }) => [
      name,
      points.map(({ at, interval }) => [at, interval?.low, interval?.high]),
    ]),
  );

test("a client is drawn away until it is back, and then until it has what it had missed", () => {
  const chart = drawn(
    cutTrial("sse", [absent(0, { replayed: 2, caughtUpMs: 180 }), absent(5, { backMs: null })]),
  );
  expect(stretches(chart)).toEqual({
    away: [
      [0, 100, 150],
      [1, 100, 1_000],
    ],
    "getting what it had missed": [[0, 150, 180]],
  });
  expect(chart?.series[0]?.points[1]?.detail).toMatch(/not back by the end/);
});

test("messages that came twice are drawn where anything did", () => {
  const chart = drawn(cutTrial("sse", [absent(0, { doubled: 3, replayed: 1, caughtUpMs: 170 })]));
  expect(stretches(chart)).toMatchObject({ "getting messages twice": [[0, 170, 170]] });
});

test("all absences of a client are in one row, and variants stand apart", () => {
  const twice = [absent(0), absent(0, { awayMs: 500, backMs: 520 }), absent(1)];
  const chart = drawn(cutTrial("sse", twice), cutTrial("websocket", [absent(0)]));
  expect(stretches(chart)).toEqual({
    away: [
      [0, 100, 150],
      [0, 500, 520],
      [1, 100, 150],
      [3, 100, 150],
    ],
  });
  expect(chart?.along.names).toEqual(["sse", "", "", "websocket"]);
  expect(chart?.title).toMatch(
    /^The longest absence took 50\S* ms with sse and 50\S* with websocket/,
  );
});

test("of many clients some are drawn, spread over all", () => {
  const chart = drawn(
    cutTrial(
      "sse",
      Array.from({ length: 40 }, (_, client) => absent(client)),
    ),
  );
  expect(chart?.along.names).toHaveLength(14);
});

test("where nobody was away there is no such chart", () => {
  expect(drawn(cutTrial("sse", []))).toBeUndefined();
});
