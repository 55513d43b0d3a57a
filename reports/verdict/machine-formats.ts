import { groupBy } from "../group-by.ts";
import type { Change, Comparison, Side } from "../../bench/results/comparison.ts";
import { addressOf, cellOf } from "../../bench/results/comparison.ts";
import { isBeyondClocks } from "../../bench/results/clock-bound.ts";
import { visibleJson } from "../../bench/text/visible.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import type { ComparisonReport } from "./comparison-report.ts";
import { round, countOf } from "../../bench/text/format.ts";

/** The comparison itself; `bench schema --of comparison` prints what every field means. */
export const json = {
  render: (comparison) => visibleJson(JSON.stringify(comparison, null, 2)),
} satisfies Pick<ComparisonReport, "render">;

/** What the candidate came to, for tools that keep their own history. */
export interface Measured extends Pick<
  Change,
  "variant" | "scenario" | "phase" | "metric" | "unit" | "better"
> {
  readonly value: Side;
  /** What this comparison says of it. */
  readonly verdict: string;
}

/** Each metric of the candidate once, also those that only a budget asked for; none that clocks don't tell. */
function measuredOf({ changes, budgets }: Comparison): Measured[] {
  const all = [
    ...changes.map(({ candidate, verdict, ...rest }) => ({ ...rest, value: candidate, verdict })),
    ...budgets.map(({ outcome, ...rest }) => ({ ...rest, verdict: `budget ${outcome}` })),
  ];
  const known = all.flatMap(({ value, ...rest }) => {
    if (value === null || isBeyondClocks(value.level, value.clockBound ?? 0)) return [];
    return [{ ...rest, value }];
  });
  return [...groupBy(known, addressOf).values()].flatMap(([first]) => first ?? []);
}

/*
 * The input of https://github.com/benchmark-action/github-action-benchmark: a file has one direction, which
 * its `tool` names, so that there are two of them.
 */

/** For `tool: customSmallerIsBetter`. */
export const githubActionBenchmark = defineComparisonReport({
  render: (comparison: Comparison) => entriesOf(comparison, "lower"),
});

/** For `tool: customBiggerIsBetter`. */
export const githubActionBenchmarkBigger = defineComparisonReport({
  render: (comparison: Comparison) => entriesOf(comparison, "higher"),
});

function entriesOf(comparison: Comparison, better: Change["better"]): string {
  const entries = measuredOf(comparison)
    .filter((measured) => measured.better === better)
    .map(entryOf);
  return visibleJson(JSON.stringify(entries, null, 2));
}

/** Its charts join values by name, and compare them as they are: a name always has the same unit. */
export const plainUnits: Readonly<
  Record<Change["unit"], { readonly name: string; readonly size: number }>
> = {
  ns: { name: "ms", size: 1e6 },
  ms: { name: "ms", size: 1 },
  bytes: { name: "bytes", size: 1 },
  count: { name: "count", size: 1 },
  "per second": { name: "per second", size: 1 },
  percent: { name: "%", size: 1 },
};

function entryOf(measured: Measured): Record<string, string | number> {
  const { unit, value, verdict } = measured;
  const { name, size } = plainUnits[unit];
  const { level, low, high, trials } = value;
  const range = low === high ? {} : { range: `${round(low / size)} to ${round(high / size)}` };
  return {
    name: addressOf(measured),
    unit: name,
    value: level / size,
    ...range,
    extra: `${verdict}, ${countOf(trials, "trial")}`,
  };
}

/** Bencher cuts nothing off: it refuses names that are longer. */
const maxLengths = { benchmark: 1_024, measure: 64 };

/**
 * The Bencher Metric Format, https://bencher.dev/docs/reference/bencher-metric-format: a benchmark for each
 * cell, a measure for each metric, values in the comparison's own units (nanoseconds, bytes).
 */
export const bencher = defineComparisonReport({
  render(comparison: Comparison) {
    const benchmarks = groupBy(measuredOf(comparison), (measured) =>
      cellOf(measured).slice(0, maxLengths.benchmark),
    );
    const document = Object.fromEntries(
      [...benchmarks].map(([name, measures]) => [
        name,
        Object.fromEntries(
          measures.map(({ metric, value: { level, low, high } }) => [
            metric.slice(0, maxLengths.measure),
            { value: level, lower_value: low, upper_value: high },
          ]),
        ),
      ]),
    );
    return visibleJson(JSON.stringify(document, null, 2));
  },
});
