import type { Results } from "../bench/results/schema.ts";
import type { Run } from "./run.ts";

/** Whether a run asked an endpoint of the user's as it is: then nothing was due but requests. */
export function isAsIs({ run: { target } }: Pick<Results, "run">): boolean {
  return target?.request !== undefined;
}

/** The same of all of some runs. */
export function areAsIs(runs: readonly Run[]): boolean {
  return runs.length > 0 && runs.every(({ results }) => isAsIs(results));
}

/** What stands in the place of what is said of messages that are due. */
export const asIsMeaning =
  "Times count from when a request was sent: when a token is due, only the server knows.";
