import type { Comparison } from "../../bench/results/comparison.ts";
import type { ComparisonFormat } from "./format-names.ts";

/** A way to present a comparison: a pure function of it, so that it can be made again, later, elsewhere. */
export interface ComparisonReport {
  readonly name: ComparisonFormat;
  /** What it is called in the folder of a check's results; null where it is made only when asked for. */
  readonly file: string | null;
  render(comparison: Comparison, options: { readonly colour: boolean }): string;
}
