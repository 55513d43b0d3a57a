import type { ComparedMetric, Comparison, Side } from "./comparison.ts";

/** Stored runs, oldest first. */
export interface History {
  readonly runs: readonly StoredRun[];
  readonly skipped: readonly Skipped[];
}

export interface StoredRun {
  /** Where it lies, below the folder that was asked for. */
  readonly path: string;
  readonly startedAt: string;
  readonly commit: string | null;
  /** Which of the machines, from 1, in the order of their first runs; null where it isn't recorded. */
  readonly machine: number | null;
  /** The outcome of the run's comparison; null where it wasn't compared. */
  readonly outcome: Comparison["outcome"] | null;
  /** Its gating metrics. */
  readonly values: readonly StoredValue[];
}

export interface StoredValue extends ComparedMetric {
  readonly value: Side;
}

/** A file that tells nothing, and why. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}
