import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { comparisonSchema } from "../../bench/results/comparison.ts";
import {
  comparisonOf,
  failedComparison,
  hostileComparison,
  mixedComparison,
  passingComparison,
} from "../../test/comparison-fixture.ts";
import type { Comparison } from "../../bench/results/comparison.ts";
import {
  bencher,
  githubActionBenchmark,
  githubActionBenchmarkBigger,
  json,
} from "./machine-formats.ts";

const all = [
  mixedComparison(),
  passingComparison(),
  failedComparison(),
  hostileComparison(),
  comparisonOf(),
];

function rendered(
  report: { render(comparison: Comparison): string },
  comparison: Comparison = mixedComparison(),
): string {
  return report.render(comparison);
}

describe("a comparison as JSON", () => {
  it("is read back as it was, and keeps to the published schema", () => {
    const validate = new Ajv2020({ strict: false }).compile(z.toJSONSchema(comparisonSchema));
    for (const comparison of all) {
      const document: unknown = JSON.parse(rendered(json, comparison));
      expect(document).toEqual(comparison);
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it("has nothing that a terminal obeys", () => {
    expect(rendered(json, hostileComparison())).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe("the input of github-action-benchmark", () => {
  const entries = z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      value: z.number(),
      range: z.string().optional(),
      extra: z.string(),
    }),
  );

  it("has every metric once, those where less is better apart from the others", () => {
    const smaller = entries.parse(JSON.parse(rendered(githubActionBenchmark)));
    const bigger = entries.parse(JSON.parse(rendered(githubActionBenchmarkBigger)));
    expect(smaller).toContainEqual({
      name: "sse.latency.steady.p50",
      unit: "ms",
      value: 0.444,
      range: "0.432 to 0.456",
      extra: "regressed, 10 trials",
    });
    expect(bigger).toEqual([
      {
        name: "websocket.connections.held",
        unit: "count",
        value: 2048,
        extra: "budget kept, 2 trials",
      },
    ]);
    const names = [...smaller, ...bigger].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("leaves out what the candidate hasn't", () => {
    const text = rendered(githubActionBenchmark, failedComparison());
    expect(text).not.toContain("requestsPerMessage");
  });
});

describe("the input of Bencher", () => {
  // As published: https://bencher.dev/docs/reference/bencher-metric-format
  const metric = z.object({
    value: z.number(),
    lower_value: z.number().optional(),
    upper_value: z.number().optional(),
  });
  const format = z.record(
    z.string().min(1).max(1_024),
    z.record(z.string().min(1).max(64), metric),
  );

  it("has a benchmark for each cell, and a measure for each metric", () => {
    const document = format.parse(JSON.parse(rendered(bencher)));
    expect(document["websocket.overhead.steady"]).toEqual({
      bytesPerMessage: { value: 5, lower_value: 5, upper_value: 5 },
    });
    expect(Object.keys(document["sse.latency.steady"] ?? {})).toEqual(["p50", "p99"]);
  });

  it("keeps to Bencher's limits for any names", () => {
    const long = comparisonOf({
      changes: mixedComparison().changes.map((change) =>
        Object.assign(change, { variant: "v".repeat(3_000), metric: change.metric.repeat(30) }),
      ),
    });
    for (const comparison of [...all, long])
      format.parse(JSON.parse(rendered(bencher, comparison)));
  });
});
