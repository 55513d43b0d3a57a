import type { Figure } from "../results/schema.ts";

/** How large a change is tolerated: the larger of the two. */
export interface Tolerance {
  /** In the metric's unit. */
  readonly absolute: number;
  /** As a share of the baseline. */
  readonly relative: number;
}

/** What can be compared between runs, whichever way it is read. */
export interface Metric {
  /** The name that config files and budgets use. */
  readonly name: string;
  /** 0: counted, the same on every machine; 1: timed. The numbers are part of baselines and comparisons. */
  readonly tier: 0 | 1;
  readonly unit: Exclude<Figure["unit"], "text">;
  readonly better: "lower" | "higher";
  /** Whether its verdict counts unless the user says otherwise. */
  readonly gates: boolean;
  /**
   * Which trial represents a cell. `worst` is for errors, which count however rare they are. `best` is for metrics
   * that a busy moment can only make worse: a real regression shows in every trial, also in the best one.
   */
  readonly judgedBy: "worst" | "median" | "best";
  readonly tolerance: Tolerance;
}

/** The fields that most counted metrics share. */
export const counted = { tier: 0, better: "lower", gates: true, judgedBy: "median" } as const;

/** Whether the metric counts errors, such as lost messages, that no server may make even once. */
export function countsErrors({ tier, judgedBy }: Metric): boolean {
  return tier === 0 && judgedBy === "worst";
}
