import type { Comparison } from "../../bench/results/comparison.ts";
import { visibleIn } from "../../bench/text/visible.ts";

/** A way to present a comparison: a pure function of it, so that it can be made again, later, elsewhere. */
export interface ComparisonReport {
  readonly name: string;
  /** What it is called in the folder of a check's results; null where it is made only when asked for. */
  readonly file: string | null;
  render(
    comparison: Comparison,
    options: { readonly colour: boolean; readonly width?: number },
  ): string | Promise<string>;
}

/** A report of a comparison whose texts may come from anybody: it gets them visible. */
export function defineComparisonReport<Options extends unknown[]>(report: {
  render(comparison: Comparison, ...options: Options): string;
}): typeof report {
  return { render: (given, ...options) => report.render(visibleIn(given), ...options) };
}
