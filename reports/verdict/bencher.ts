import type { Comparison } from "../../bench/results/comparison.ts";
import { visibleJson } from "../../bench/text/visible.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { measuredOf } from "./measured.ts";
import { cellOf } from "../../bench/results/metric-address.ts";

interface Metric {
  readonly value: number;
  readonly lower_value: number;
  readonly upper_value: number;
}

/** Bencher cuts nothing off: it refuses names that are longer. */
const longest = { benchmark: 1_024, measure: 64 };

/**
 * The Bencher Metric Format, https://bencher.dev/docs/reference/bencher-metric-format: a benchmark for each
 * cell, a measure for each metric, values in the comparison's own units (nanoseconds, bytes).
 */
export const bencher = defineComparisonReport({
  name: "bencher",
  file: null,
  render(comparison: Comparison) {
    const benchmarks = new Map<string, Map<string, Metric>>();
    for (const measured of measuredOf(comparison)) {
      const { level, low, high } = measured.value;
      const cell = cellOf(measured).slice(0, longest.benchmark);
      const measures = benchmarks.get(cell) ?? new Map<string, Metric>();
      benchmarks.set(cell, measures);
      measures.set(measured.metric.slice(0, longest.measure), {
        value: level,
        lower_value: low,
        upper_value: high,
      });
    }
    const document = Object.fromEntries(
      [...benchmarks].map(([cell, measures]) => [cell, Object.fromEntries(measures)]),
    );
    return visibleJson(JSON.stringify(document, null, 2));
  },
});
