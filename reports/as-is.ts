import type { Run } from "./run.ts";

/** Whether all of these runs asked an endpoint of the user's as it is: then nothing was due but requests. */
export function areAsIs(runs: readonly Run[]): boolean {
  return runs.length > 0 && runs.every(({ results }) => results.run.target?.request !== undefined);
}

/** What stands in the place of what is said of messages that are due. */
export const asIsMeaning =
  "Times count from when a request was sent: when a token is due, only the server knows.";
