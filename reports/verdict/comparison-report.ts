import type { Comparison } from "../../bench/results/comparison.ts";
import { visibleIn } from "../../bench/text/visible.ts";
import type { ComparisonFormat } from "./format-names.ts";

/** A way to present a comparison: a pure function of it, so that it can be made again, later, elsewhere. */
export interface ComparisonReport {
  readonly name: ComparisonFormat;
  /** What it is called in the folder of a check's results; null where it is made only when asked for. */
  readonly file: string | null;
  render(
    comparison: Comparison,
    options: { readonly colour: boolean; readonly width?: number },
  ): string;
}

/** A report of a comparison whose texts may come from anybody: it gets them visible. */
export function defineComparisonReport<
  Name extends ComparisonFormat,
  Options extends unknown[],
>(report: {
  readonly name: Name;
  readonly file: string | null;
  render(comparison: Comparison, ...options: Options): string;
}): typeof report {
  return { ...report, render: (given, ...options) => report.render(visibleIn(given), ...options) };
}
