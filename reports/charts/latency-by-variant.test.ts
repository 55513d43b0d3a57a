import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { deliveredTrial, invalidated } from "../../test/latency-fixture.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import type { Run } from "../run.ts";
import type { Chart } from "./chart.ts";
import { latencyByVariant } from "./latency-by-variant.ts";
import { sourcesOf } from "./source.ts";

function drawn(...runs: Run[]): Chart | null {
  const [source] = sourcesOf(runs);
  return source === undefined ? null : latencyByVariant(source);
}

const runOf = (trials: readonly Trial[], label: string | null = null): Run => ({
  label,
  results: resultsOf(trials),
});

/** Three trials: p50 of 1.9, 2 and 2.1 ms, and the others twice and ten times that. */
function threeTrials(variant: string, factor = 1, p99 = true): Trial[] {
  return [1.9, 2, 2.1].map((ms, index) =>
    deliveredTrial(
      variant,
      {
        latenciesMs: [ms],
        figures: {
          "delivery.p50": ms * factor,
          "delivery.p90": 2 * ms * factor,
          "delivery.p99": p99 ? 10 * ms * factor : null,
        },
      },
      { repetition: index + 1 },
    ),
  );
}

describe("the chart of latency by variant", () => {
  it("has a row for each variant, and a marker for each percentile", () => {
    const chart = drawn(runOf([...threeTrials("sse"), ...threeTrials("websocket", 100)]));
    expect(chart?.along.names).toEqual(["sse", "websocket"]);
    expect(
      chart?.series.map(({ name, points }) => [name, points.map(({ value }) => value)]),
    ).toEqual([
      ["half within (p50)", [2, 200]],
      ["90 % within (p90)", [4, 400]],
      ["99 % within (p99)", [20, 2_000]],
    ]);
    expect(new Set(chart?.series.map(({ style }) => style.marker)).size).toBe(3);
    expect(chart?.title).toBe(
      "Half of the deliveries arrive within 2.00 ms with sse and 200 with websocket",
    );
  });

  it("gives each value its interval, in the row's colour and the percentile's marker", () => {
    const chart = drawn(runOf(threeTrials("sse")));
    const [p50, p90] = chart?.series ?? [];
    expect(p50?.points[0]).toMatchObject({
      at: 0,
      interval: { low: 1.9, high: 2.1 },
      detail: "1.90–2.10 ms, 75 % confidence, 3 trials",
    });
    expect(p50?.points[0]?.style?.colour).toBe(p90?.points[0]?.style?.colour);
    expect(p90?.points[0]?.style?.marker).toBe(p90?.style.marker);
  });

  it("says of a single trial that it has no interval", () => {
    const [trial] = threeTrials("sse");
    const chart = drawn(runOf(trial === undefined ? [] : [trial]));
    expect(chart?.series[0]?.points[0]).toMatchObject({
      interval: null,
      detail: "1 trial, so no interval",
    });
  });

  it("says of which percentile there is none, and why", () => {
    const chart = drawn(runOf([...threeTrials("sse", 1, false), ...threeTrials("websocket")]));
    expect(chart?.series[2]?.points.map(({ at }) => at)).toEqual([1]);
    expect(chart?.notes).toEqual([
      "No p99 of sse: too few deliveries for this percentile.",
      "No delivery was lost.",
    ]);
  });

  it("has no marker for a percentile that none has", () => {
    const chart = drawn(runOf([...threeTrials("sse", 1, false), ...threeTrials("tcp", 9, false)]));
    expect(chart?.series.map(({ name }) => name)).toEqual([
      "half within (p50)",
      "90 % within (p90)",
    ]);
    expect(chart?.notes[0]).toBe("No p99: too few deliveries for this percentile.");
  });

  it("draws two runs one below the other, and doesn't compare them", () => {
    const chart = drawn(runOf(threeTrials("sse"), "before"), runOf(threeTrials("sse", 2), "after"));
    expect(chart?.along.names).toEqual(["sse, before", "sse, after"]);
    expect(chart?.title).toBe(
      "Half of the deliveries arrive within 2.00–4.00 ms with sse, over 2 runs",
    );
  });

  it("isn't there where nothing is valid", () => {
    expect(drawn(runOf(invalidated(threeTrials("sse"))))).toBeNull();
  });
});
