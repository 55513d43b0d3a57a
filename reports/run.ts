import type { Results } from "../bench/results/schema.ts";

/** One of the runs that a report is about. */
export interface Run {
  /** Tells it from the others; null where it is the only one. */
  readonly label: string | null;
  readonly results: Results;
}

/** A report about a single run. */
export function onlyRun(results: Results): readonly [Run] {
  return [{ label: null, results }];
}
