import type { Change, Comparison } from "../../bench/results/comparison.ts";
import { round, countOf } from "../../bench/text/format.ts";
import { visibleJson } from "../../bench/text/visible.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { measuredOf } from "./measured.ts";
import type { Measured } from "./measured.ts";
import { addressOf } from "../../bench/results/metric-address.ts";

/*
 * The input of https://github.com/benchmark-action/github-action-benchmark: a file has one direction, which
 * its `tool` names, so that there are two of them.
 */

/** For `tool: customSmallerIsBetter`. */
export const githubActionBenchmark = defineComparisonReport({
  name: "github-action-benchmark",
  file: null,
  render: (comparison: Comparison) => entriesOf(comparison, "lower"),
});

/** For `tool: customBiggerIsBetter`. */
export const githubActionBenchmarkBigger = defineComparisonReport({
  name: "github-action-benchmark-bigger",
  file: null,
  render: (comparison: Comparison) => entriesOf(comparison, "higher"),
});

function entriesOf(comparison: Comparison, better: Change["better"]): string {
  const entries = measuredOf(comparison)
    .filter((measured) => measured.better === better)
    .map(entryOf);
  return visibleJson(JSON.stringify(entries, null, 2));
}

/** Its charts join values by name, and compare them as they are: a name has one unit for ever. */
const units: Readonly<Record<Change["unit"], { readonly name: string; readonly size: number }>> = {
  ns: { name: "ms", size: 1e6 },
  ms: { name: "ms", size: 1 },
  bytes: { name: "bytes", size: 1 },
  count: { name: "count", size: 1 },
  "per second": { name: "per second", size: 1 },
  percent: { name: "%", size: 1 },
};

function entryOf(measured: Measured): Record<string, string | number> {
  const { unit, value, verdict } = measured;
  const { name, size } = units[unit];
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
