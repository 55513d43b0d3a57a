import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { deliveredTrial, invalidated } from "../../test/latency-fixture.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { sourcesOf } from "./source.ts";

function drawn(trials: readonly Trial[], pollIntervalMs: number | null = null): Chart | null {
  const results = resultsOf(trials);
  for (const variant of results.variants) variant.pollIntervalMs = pollIntervalMs;
  const [source] = sourcesOf([{ label: null, results }]);
  return source === undefined ? null : latencyOverTime(source);
}

const trial = (repetition: number, worstMs: readonly (number | null)[], variant = "sse"): Trial =>
  deliveredTrial(variant, { worstMs, lost: 0 }, { repetition });

const calm = [2, 3, 2, 3, 2, 3];

describe("the chart of latency over time", () => {
  it("shows the worst delivery of all trials in the middle of each slice", () => {
    const chart = drawn([trial(1, [2, 5, 2]), trial(2, [3, 4, 9, 1])]);
    expect(chart?.series[0]?.points.map(({ at, value }) => [at, value])).toEqual([
      [0.05, 3],
      [0.15, 5],
      [0.25, 9],
      [0.35, 1],
    ]);
    expect(chart?.series[0]?.points[1]?.detail).toBe(
      "worst of 4 deliveries in 2 trials, in trial 1; mean 2.25 ms",
    );
    expect(chart?.series[0]?.points[3]?.detail).toBe(
      "worst of 2 deliveries in 1 of 2 trials, in trial 2; mean 0.500 ms",
    );
  });

  it("finds a stall of one trial among calm ones, and says where it was", () => {
    const chart = drawn([trial(1, calm), trial(2, [2, 2, 2, 400, 300, 2]), trial(3, calm)]);
    expect(chart?.title).toBe(
      "A stall with sse: a delivery due 0.350 s into the phase of trial 2 took 400 ms",
    );
    expect(chart?.marks).toEqual([{ at: 0.35, value: 400, text: "sse: 400 ms" }]);
  });

  it("counts neighbouring slices as one stall, and others as more", () => {
    const chart = drawn([
      trial(1, [...calm, 90, 120, 100, ...calm, 300, ...calm]),
      trial(1, [80, ...calm, ...calm], "websocket"),
    ]);
    expect(chart?.title).toBe(
      "3 stalls, the longest with sse: a delivery due 1.55 s into the phase took 300 ms",
    );
    expect(chart?.marks?.map(({ text }) => text)).toEqual([
      "sse: 300 ms",
      "sse: 120 ms",
      "websocket: 80.0 ms",
    ]);
  });

  it("says that there is no stall, with the worst of each variant", () => {
    const chart = drawn([trial(1, [...calm, 6.4]), trial(1, [...calm, 45], "websocket")]);
    expect(chart?.title).toBe(
      "No stall: the worst delivery took 6.40 ms with sse and 45.0 with websocket",
    );
    expect(chart?.marks).toEqual([]);
  });

  it("doesn't take polling on a grid for a stall, but sees one beyond it", () => {
    const polled = [120, 990, 1_001, 500, 1_002, 950];
    expect(drawn([trial(1, polled)], 1_000)?.title).toBe(
      "No stall: the worst delivery took 1000 ms with sse",
    );
    expect(drawn([trial(1, [...polled, 1_400])], 1_000)?.title).toBe(
      "A stall with sse: a delivery due 0.650 s into the phase took 1400 ms",
    );
  });

  it("claims nothing of stalls where there are too few slices to tell", () => {
    const chart = drawn([trial(1, [2, 900, 2])]);
    expect(chart?.title).toBe("The worst delivery took 900 ms with sse");
    expect(chart?.notes.some((note) => note.includes("stall"))).toBe(false);
  });

  it("leaves slices without deliveries out, and doesn't join what lies beyond", () => {
    const [series] = drawn([trial(1, [2, 3, null, null, 2, 2, 2])])?.series ?? [];
    const positions = (series?.points ?? []).map(({ at }) => at);
    expect(positions).toEqual([0.05, 0.15, 0.45, 0.55, 0.65].map((at) => expect.closeTo(at, 9)));
    // 20 messages per second: every slice should have one.
    expect(series?.gapsBeyond).toBeCloseTo(0.15, 9);
  });

  it("joins what lies apart because messages are rare", () => {
    const results = resultsOf([trial(1, [2, null, null, 2, null, null, 2])]);
    for (const cell of results.cells) cell.workload = { ...cell.workload, ratePerSecond: 4 };
    const [source] = sourcesOf([{ label: null, results }]);
    const chart = source === undefined ? null : latencyOverTime(source);
    expect(chart?.series[0]?.gapsBeyond).toBeCloseTo(0.35, 9);
  });

  it("lays trials with slices of other widths over each other", () => {
    const wide = trial(2, [4, 5]);
    for (const { timeline } of wide.phases) timeline.sliceMs = 200;
    const chart = drawn([trial(1, [2, 3, 9, 3]), wide]);
    expect(chart?.series[0]?.points.map(({ at, value }) => [at, value])).toEqual([
      [0.1, 4],
      [0.3, 9],
    ]);
    expect(chart?.series[0]?.points[0]?.detail).toContain("worst of 6 deliveries in 2 trials");
    expect(chart?.caption).toContain("of each 200 ms");
  });

  it("isn't there where nothing is valid, or nothing was delivered", () => {
    expect(drawn(invalidated([trial(1, calm)]))).toBeNull();
    expect(drawn([trial(1, [null, null])])).toBeNull();
  });
});
