import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { figureOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import { latencyOverLoss } from "./latency-over-loss.ts";
import { sourcesOf } from "./source.ts";

/** By percent of loss, in milliseconds. */
function trial(variant: string, p99: Readonly<Record<string, number | null>>): Trial {
  return trialOf(variant, {
    figures: Object.entries(p99).map(([loss, ms]) =>
      figureOf(`p99.rtt80.at${loss}`, ms === null ? null : ms * 1e6, { unit: "ns" }),
    ),
  });
}

function chartsOf(trials: readonly Trial[]) {
  const [source] = sourcesOf(onlyRun(resultsOf(trials)));
  if (source === undefined) throw new Error("there is a scenario");
  return [20, 80].map((roundTripMs) => latencyOverLoss(roundTripMs)(source));
}

describe("latency over packet loss", () => {
  const [none, chart] = chartsOf([
    trial("sse", { 0: 50, 0.1: 60, 3: 180 }),
    trial("websocket", { 0: 51, 0.1: 61, 3: 120 }),
    trial("long-polling", { 0: null, 0.1: null, 3: null }),
  ]);

  it("has a point for each loss of a round trip, in milliseconds", () => {
    expect(none).toBeNull();
    expect(chart).toMatchObject({ name: "latency-loss-80ms", kind: "line" });
    expect(chart?.series.map(({ name }) => name)).toEqual(["sse", "websocket"]);
    expect(chart?.series[0]?.points.map(({ at, value }) => [at, value])).toEqual([
      [0, 50],
      [0.1, 60],
      [3, 180],
    ]);
  });

  it("is titled by what is said at the most of it, and says who isn't drawn", () => {
    expect(chart?.title).toBe(
      "With 3 % of packets lost 99 % arrive within 180 ms with sse and 120 with websocket",
    );
    expect(chart?.notes).toContain("Not drawn: long-polling (has no p99).");
  });
});
