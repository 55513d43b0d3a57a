import type { Figure } from "../results/schema.ts";

/** What is tolerated before a change is one: the larger of the two. */
export interface Tolerance {
  /** In the metric's unit. */
  readonly absolute: number;
  /** As a share of the baseline. */
  readonly relative: number;
}

/** What can be compared between runs, whichever way it is read. */
export interface Metric {
  /** By which config files and budgets refer to it. */
  readonly name: string;
  /** 0: counted, the same on every machine. 1: timed. */
  readonly tier: 0 | 1;
  readonly unit: Exclude<Figure["unit"], "text">;
  readonly better: "lower" | "higher";
  /** Whether its verdict counts unless the user says otherwise. */
  readonly gates: boolean;
  /**
   * Which of a cell's trials speaks for it. A loss counts however rare it is. What a server has lost for
   * good it lacks in every trial, so where a busy moment can only make it worse, the best one tells.
   */
  readonly judgedBy: "worst" | "median" | "best";
  readonly tolerance: Tolerance;
}

/** What most metrics are that are counted. */
export const counted = { tier: 0, better: "lower", gates: true, judgedBy: "median" } as const;

/** Whether it counts what no server may do even once. */
export function isHarm({ tier, judgedBy }: Metric): boolean {
  return tier === 0 && judgedBy === "worst";
}
