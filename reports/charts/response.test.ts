import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { histogramOf } from "../../bench/measure/histogram.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import { response } from "./response.ts";
import { sourcesOf } from "./source.ts";

interface Searched {
  /** Milliseconds that deliveries take, by messages per second to ten clients; those that are tried again last. */
  readonly tried: readonly (readonly [rate: number, ms: number])[];
  readonly served: number | null;
  readonly bound?: "at least" | "range";
  readonly lost?: number;
  readonly objectiveMs?: number;
}

function trial(variant: string, searched: Searched): Trial {
  const { tried, served, bound = "range", lost = 0, objectiveMs = 100 } = searched;
  return trialOf(variant, {
    phases: tried.map(([rate, ms]) => {
      const latency = phaseOf().latency;
      const delivery = histogramOf(Array.from({ length: 2_000 }, () => ms * 1e6));
      return phaseOf({
        name: `at ${rate} msg/s`,
        isAttempt: true,
        rate: { intended: rate, achieved: rate },
        deliveries: { ...phaseOf().deliveries, intended: 200, expected: 2_000, lost },
        latency: { ...latency, delivery },
      });
    }),
    figures: [
      figureOf("throughput", served, { unit: "per second", better: "higher", bound }),
      figureOf("served.p50", served === null ? null : (tried[0]?.[1] ?? null), { unit: "ms" }),
      figureOf("limit", bound === "range" ? "server CPU" : "client CPU", { unit: "text" }),
      figureOf("response.objective", objectiveMs, { unit: "ms" }),
    ],
  });
}

const quick = {
  tried: [
    [100, 1],
    [200, 2],
    [400, 800],
    [400, 900],
    [300, 40],
  ],
  served: 3_000,
} as const;
const slow = {
  tried: [
    [100, 30],
    [200, 600],
  ],
  served: 1_000,
  bound: "at least",
} as const;

function chartsOf(trials: readonly Trial[]) {
  const [source] = sourcesOf(onlyRun(resultsOf(trials)));
  if (source === undefined) throw new Error("there is a scenario");
  return { p99: response("p99")(source), p50: response("p50")(source) };
}

function pointsOf(chart: ReturnType<typeof chartsOf>["p99"], name: string) {
  const series = chart?.series.find((one) => one.name === name);
  return series?.points.map(({ at, value }) => [at, Math.round(value)]);
}

describe("the response to load", () => {
  const { p99, p50 } = chartsOf([trial("sse", quick), trial("websocket", slow)]);

  it("has a point for each load that was tried, in its order, the last of those that were tried twice", () => {
    expect(pointsOf(p99, "sse")).toEqual([
      [1_000, 1],
      [2_000, 2],
      [3_000, 40],
      [4_000, 900],
    ]);
    expect(pointsOf(p50, "websocket")).toEqual([
      [1_000, 30],
      [2_000, 600],
    ]);
  });

  it("has a line at the objective, from end to end, where 99 % are drawn", () => {
    expect(pointsOf(p99, "objective")).toEqual([
      [1_000, 100],
      [4_000, 100],
    ]);
    expect(pointsOf(p50, "objective")).toBeUndefined();
  });

  it("tells how much was served, also by a mark of each, and what the limit was", () => {
    expect(p99?.title).toBe(
      "99 % arrive within 100 ms up to 3000 deliveries/s with sse and at least 1000 with websocket",
    );
    expect(p99?.marks?.map(({ at, text }) => [at, text])).toEqual([
      [3_000, "3000"],
      [1_000, "≥ 1000"],
    ]);
    expect(p99?.notes).toContain("What the limit was: server CPU (sse), client CPU (websocket).");
    expect(p50?.marks).toEqual([]);
    expect(p50?.title).toBe(
      "At the highest load served, half arrive within 1.00 ms with sse and 30.0 with websocket",
    );
  });

  it("tells of many the range", () => {
    const { p99: chart } = chartsOf([
      ...["sse", "websocket", "tcp", "ws"].map((name) => trial(name, quick)),
      trial("long-polling", slow),
    ]);
    expect(chart?.title).toBe(
      "99 % arrive within 100 ms up to 1000 to 3000 deliveries/s or more with 5 variants",
    );
  });

  it("takes the median of several trials, with what they lie between, and only of those that tried a load", () => {
    const others = [2, 8].map((ms) =>
      trial("sse", {
        ...quick,
        tried: [
          [100, ms],
          [800, 999],
        ],
      }),
    );
    const { p99: chart } = chartsOf([trial("sse", quick), ...others]);
    const [first, last] = [chart?.series[0]?.points.at(0), chart?.series[0]?.points.at(-1)];
    expect(first?.value).toBeCloseTo(2, 1);
    expect(first?.detail).toBe("1.00–8.00 ms, of 3 trials");
    expect(last).toMatchObject({ at: 8_000, detail: "999–999 ms, of 2 trials" });
  });

  it("says who may take longer, and who has lost some", () => {
    const { p99: chart } = chartsOf([
      trial("sse", { ...quick, lost: 3 }),
      trial("short-polling", { ...slow, objectiveMs: 1_100 }),
    ]);
    expect(chart?.notes).toContain(
      "With the interval of their polls on top, some may take longer: short-polling 1100 ms.",
    );
    expect(chart?.notes.join(" ")).toMatch("no latency: sse.");
    expect(p99?.notes).toContain("No delivery was lost.");
  });

  it("is drawn, too, where nothing was served", () => {
    const { p99: chart } = chartsOf([trial("sse", { ...slow, served: null })]);
    expect(chart).toMatchObject({ title: "No load was served in time", marks: [] });
  });

  it("isn't drawn of other scenarios, nor of a single load", () => {
    expect(chartsOf([trialOf("sse")])).toEqual({ p99: null, p50: null });
    expect(chartsOf([trial("sse", { tried: [[100, 1]], served: 1_000 })]).p99).toBeNull();
  });
});
