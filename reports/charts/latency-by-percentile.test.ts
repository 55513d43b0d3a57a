import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { deliveredTrial, invalidated } from "../../test/latency-fixture.ts";
import { figureOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { latencyByPercentile } from "./latency-by-percentile.ts";
import { sourcesOf } from "./source.ts";

function drawn(...trials: Trial[]): Chart | null {
  const [source] = sourcesOf([{ label: null, results: resultsOf(trials) }]);
  return source === undefined ? null : latencyByPercentile(source);
}

/** 1, 2, … `count` ms. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("the chart of latency by percentile", () => {
  it("merges the deliveries of all valid trials", () => {
    const chart = drawn(
      deliveredTrial("sse", { latenciesMs: upTo(500) }),
      deliveredTrial("sse", { latenciesMs: upTo(500).map((ms) => ms + 500) }),
    );
    const at = (oneIn: number) => chart?.series[0]?.points.find((point) => point.at === oneIn);
    expect(at(2)?.value).toBeCloseTo(500, 0);
    expect(at(10)?.value).toBeCloseTo(900, 0);
    expect(at(100)?.value).toBeCloseTo(990, 0);
    expect(at(100)?.detail).toBe("p99 of 1000 deliveries in 2 trials");
  });

  it("ends where fewer than ten deliveries were slower", () => {
    const chart = drawn(deliveredTrial("sse", { latenciesMs: upTo(7_500) }));
    const last = chart?.series[0]?.points.at(-1);
    expect(last?.at).toBe(750);
    expect(last?.value).toBeCloseTo(7_490, -1);
    expect(last?.detail).toBe("p99.87 of 7500 deliveries in 1 trial");
  });

  it("has twelve positions a decade, evenly, and half as well", () => {
    const points = drawn(deliveredTrial("sse", { latenciesMs: upTo(1_000) }))?.series[0]?.points;
    const positions = (points ?? []).map(({ at }) => at);
    expect(positions).toHaveLength(25);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions.slice(0, 4)).toEqual(
      [10 ** (1 / 12), 10 ** (2 / 12), 10 ** (3 / 12), 2].map((at) => expect.closeTo(at, 9)),
    );
    expect(positions).toContain(10);
    expect(positions.at(-1)).toBe(100);
  });

  it("begins where the clocks of several machines tell it, and isn't drawn where they never do", () => {
    const told = (clockBoundNs: number): Trial => {
      const trial = deliveredTrial("sse", { latenciesMs: upTo(500) });
      for (const phase of trial.phases) phase.clockBoundNs = clockBoundNs;
      return trial;
    };
    const chart = drawn(told(40e6));
    const [first] = chart?.series[0]?.points ?? [];
    expect(first?.value).toBeGreaterThanOrEqual(400);
    expect(chart?.notes[0]).toBe(
      "A line begins where the clocks of its machines may be apart by 10 % or less.",
    );
    expect(drawn(told(1e9))).toBeNull();
  });

  it("leaves out the phases that only prepare", () => {
    const chart = drawn(deliveredTrial("sse", { latenciesMs: upTo(100) }));
    // The warm-up of the fixture has 40 deliveries more.
    expect(chart?.series[0]?.points[0]?.detail).toContain("of 100 deliveries");
  });

  it("takes its title from the highest percentile that all have", () => {
    const ms = (p50: number, p90: number | null) => ({
      latenciesMs: upTo(100),
      figures: { "delivery.p50": p50, "delivery.p90": p90, "delivery.p99": null },
    });
    expect(
      drawn(deliveredTrial("sse", ms(1, 5)), deliveredTrial("websocket", ms(2, 4)))?.title,
    ).toBe("90 % of the deliveries arrive within 5.00 ms with sse and 4.00 with websocket");
    expect(
      drawn(deliveredTrial("sse", ms(1, null)), deliveredTrial("websocket", ms(2, 4)))?.title,
    ).toBe("Half of the deliveries arrive within 1.00 ms with sse and 2.00 with websocket");
  });

  it("names whom it doesn't draw, and what was lost", () => {
    const chart = drawn(
      deliveredTrial("sse", { latenciesMs: upTo(90), lost: 10 }),
      deliveredTrial("few", { latenciesMs: upTo(19), figures: { "delivery.p50": null } }),
      ...invalidated([deliveredTrial("spoilt", { latenciesMs: upTo(90) })]),
    );
    expect(chart?.series.map(({ name }) => name)).toEqual(["sse"]);
    expect(chart?.notes).toEqual([
      "A line ends where fewer than ten deliveries were slower; the title's figures are medians over trials.",
      "Lost, so that they have no latency: 10 of 100 deliveries with sse.",
      "Not drawn: few (too few deliveries).",
      "Not drawn: spoilt (no valid trial: stolen processor time).",
    ]);
  });

  it("isn't there where nothing is valid, or latency isn't stated", () => {
    expect(drawn(...invalidated([deliveredTrial("sse", { latenciesMs: upTo(90) })]))).toBeNull();
    expect(drawn(trialOf("sse", { figures: [figureOf("setUp", 1)] }))).toBeNull();
  });
});
