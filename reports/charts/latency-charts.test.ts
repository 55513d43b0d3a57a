import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { deliveredTrial } from "../../test/latency-fixture.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import type { Run } from "../run.ts";
import type { Axis, Chart } from "./chart.ts";
import { cpu } from "./cpu.ts";
import { latencyByPercentile } from "./latency-by-percentile.ts";
import { latencyByVariant } from "./latency-by-variant.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { sourcesOf } from "./source.ts";

/** A run of so many variants, three trials each, each variant slower than the one before. */
function runOf(variants: number, label: string | null = null, name = "v"): Run {
  const trials = Array.from({ length: 3 * variants }, (_, index): Trial => {
    const slowness = 1 + Math.floor(index / 3) * 4;
    const latenciesMs = Array.from(
      { length: 1_000 },
      (_, step) => slowness * (1 + ((step * 7919) % 1_000) / 250),
    );
    const figures = {
      "delivery.p50": slowness * 3,
      "delivery.p90": slowness * 4.6,
      "delivery.p99": slowness * (4.9 + (index % 3) / 10),
      "cpu.server": 20 + slowness,
      "cpu.client": 10 + slowness,
    };
    const worstMs = Array.from({ length: 30 }, (_, slice) => slowness * (3 + (slice % 3)));
    return deliveredTrial(
      `${name}${Math.floor(index / 3)}`,
      { latenciesMs, worstMs, figures },
      { repetition: 1 + (index % 3) },
    );
  });
  return { label, results: resultsOf(trials) };
}

function drawn(...runs: Run[]): Chart[] {
  return sourcesOf(runs).flatMap((source) =>
    [latencyByPercentile, latencyByVariant, latencyOverTime, cpu].flatMap(
      (definition) => definition(source) ?? [],
    ),
  );
}

const canShow = ({ scale, names }: Axis, value: number): boolean => {
  if (scale === "category") return Number.isInteger(value) && value in names;
  return Number.isFinite(value) && (scale === "linear" || value > 0);
};

describe.each([
  ["one variant", [runOf(1)]],
  ["five variants", [runOf(5)]],
  ["forty variants", [runOf(40)]],
  ["two runs", [runOf(5, "before"), runOf(6, "after")]],
  ["long hostile names", [runOf(3, null, `<script>alert(1)</script>${"+x".repeat(90)}`)]],
])("the charts of %s", (_, runs) => {
  const charts = drawn(...runs);

  it("are four, with names of their own", () => {
    expect(charts.map(({ name }) => name)).toEqual([
      "latency-percentiles",
      "latency-by-variant",
      "latency-over-time",
      "latency-cpu",
    ]);
  });

  it.each(charts.map((chart) => [chart.name, chart] as const))(
    "%s has points that its axes can show, each within its interval",
    (_, { along, value, series }) => {
      const points = series.flatMap((one) => one.points);
      expect(points.length).toBeGreaterThan(0);
      for (const point of points) {
        expect(canShow(along, point.at)).toBe(true);
        expect(canShow(value, point.value)).toBe(true);
        expect(point.interval?.low ?? point.value).toBeLessThanOrEqual(point.value);
        expect(point.interval?.high ?? point.value).toBeGreaterThanOrEqual(point.value);
        expect(point.detail).not.toBe("");
      }
      for (const { points } of series) {
        const positions = points.map(({ at }) => at);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      }
    },
  );

  it("have titles of at most two lines, without a full stop", () => {
    for (const { title } of charts) {
      expect(title.length).toBeLessThanOrEqual(120);
      expect(title).toMatch(/^[A-Z0-9].*[^.]$/);
    }
  });

  it("have lines that rise with the percentile", () => {
    for (const { points } of charts[0]?.series ?? []) {
      const values = points.map(({ value }) => value);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
  });
});
