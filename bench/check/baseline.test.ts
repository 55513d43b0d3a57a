import { describe, expect, it } from "vitest";
import { phaseOf, resultsOf, trialOf, figureOf } from "../../test/results-fixture.ts";
import { cellMetricsOf } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";
import { keptOf, metricsInBaseline } from "./baseline-metrics.ts";
import { baselineHead, baselineText, parseBaseline } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";

function baselineOf(counted: Baseline["counted"]): Baseline {
  const workload = {
    clients: 2,
    durationMs: 1_000,
    maxConnections: 100,
    payloadBytes: 256,
    ratePerSecond: 20,
    warmUpMs: 100,
  };
  const scenarios = { latency: workload };
  return { ...baselineHead, node: 20, server: "built-in", scenarios, counted };
}

function memory(...values: readonly number[]): CellMetric[] {
  const trials = values.map((value, index) =>
    trialOf("sse", { repetition: index + 1, figures: [figureOf("memory", value)] }),
  );
  return cellMetricsOf(resultsOf(trials));
}

const tolerance = (metric: CellMetric): CellMetric["tolerance"] => metric.tolerance;

describe("a baseline", () => {
  it("is text that reads the same again, in order, with a metric a line", () => {
    const one = baselineOf({ sse: { latency: { steady: { lost: 0, bytesPerMessage: 21.5 } } } });
    const other = baselineOf({ sse: { latency: { steady: { bytesPerMessage: 21.5, lost: 0 } } } });
    expect(baselineText(one)).toBe(baselineText(other));
    expect(baselineText(one)).toContain(
      '          "bytesPerMessage": 21.5,\n          "lost": 0\n',
    );
    expect(parseBaseline(baselineText(one), "b")).toEqual(one);
  });

  it("keeps what is counted, and of timing nothing", () => {
    const figures = [figureOf("delivery.p50", 1e6, { unit: "ns", phase: "steady" })];
    const metrics = cellMetricsOf(resultsOf([trialOf("sse", { phases: [phaseOf()], figures })]));
    const { counted } = keptOf(metrics, [], tolerance);
    expect(counted["sse"]?.["latency"]?.["steady"]).toEqual({
      lost: 0,
      duplicated: 0,
      reordered: 0,
      corrupted: 0,
      disconnected: 0,
      bytesPerMessage: 19,
      newConnections: 0,
    });
  });

  it("keeps its line while a value is within what is tolerated, so that small steps don't add up", () => {
    const first = keptOf(memory(10_000), [], tolerance);
    expect(first.changes).toEqual(["sse.latency.memory: 10000, new"]);
    const known = metricsInBaseline(baselineOf(first.counted), "b");
    expect(keptOf(memory(14_321), known, tolerance)).toEqual({ ...first, changes: [] });
    const later = keptOf(memory(24_321), known, tolerance);
    expect(later.changes).toEqual(["sse.latency.memory: 10000 became 24300"]);
    expect(keptOf([], known, tolerance).changes).toEqual(["sse.latency.memory: 10000, gone"]);
  });

  it("leaves out what differs from trial to trial, and says so", () => {
    const trials = [11_000, 11_200].map((down, index) => {
      const phase = phaseOf();
      const { wire } = phase;
      const parts = { ...wire?.parts, deliveries: { down, up: 0 } };
      return trialOf("sse", {
        repetition: index + 1,
        phases: [{ ...phase, wire: wire && { ...wire, parts } }],
      });
    });
    const { counted, leftOut } = keptOf(cellMetricsOf(resultsOf(trials)), [], tolerance);
    expect(counted["sse"]?.["latency"]?.["steady"]).not.toHaveProperty("bytesPerMessage");
    expect(leftOut).toEqual([expect.stringContaining("sse.latency.steady.bytesPerMessage varies")]);
  });

  it.each([
    ["{", "is not complete JSON"],
    ["[]", "is not a baseline"],
    ['{"format":"transport-bench baseline","baselineVersion":9,"schemaVersion":4}', "version 9"],
    [baselineText(baselineOf({})).replace('"built-in"', '"mine"'), "server"],
    [
      baselineText(baselineOf({ sse: { a: { b: { lost: 1 } } } })).replace(": 1\n", ": 1e999\n"),
      "counted.sse.a.b.lost",
    ],
  ])("refuses %j in one line", (text, why) => {
    expect(() => parseBaseline(text, "b.json")).toThrow(/^b\.json: [^\n]*$/);
    expect(() => parseBaseline(text, "b.json")).toThrow(why);
  });

  it("knows no metrics that aren't counted", () => {
    const hostile = baselineOf({ sse: { latency: { steady: { p50: 1 } } } });
    expect(() => metricsInBaseline(hostile, "b.json")).toThrow(
      'b.json: "p50" is not a counted metric',
    );
  });
});
