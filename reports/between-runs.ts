import { configurationDifferences, environmentDifferences } from "../bench/results/differences.ts";
import type { Difference } from "../bench/results/differences.ts";
import type { Run } from "./run.ts";
import { gridText, onLines } from "./grid.ts";

/** What differs around a run and the first of those that it stands beside. */
export interface BetweenRuns {
  readonly first: string;
  readonly other: string;
  readonly environment: readonly Difference[];
  readonly configuration: readonly Difference[];
}

/** One for each further run; none of a run that stands alone. */
export function betweenRuns(runs: readonly Run[]): BetweenRuns[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  return others.map(({ label, results }) => ({
    first: first.label ?? "",
    other: label ?? "",
    environment: environmentDifferences(first.results, results),
    configuration: configurationDifferences(first.results, results),
  }));
}

/** Why figures of several runs stand side by side, and no sentence compares them. */
export const timesDiffer: string =
  "Two runs at different times say little about small differences in timing, even if they are apart: " +
  "on a busy shared machine about half of the pairs of identical runs differed by more than 10 %. To " +
  "judge a change, alternate both sides in one job.";

/** What differs between two runs as a table, or the line that nothing does. */
export function differenceLines(
  what: string,
  differences: readonly Difference[],
  [before, after]: readonly [string, string],
  width: number,
): string[] {
  const most = Math.floor(width / 3) - 4;
  if (differences.length === 0) return [`No recorded difference in the ${what}.`, ""];
  const head = ["", onLines(before, most), onLines(after, most)];
  const body = differences.map((difference) => [
    onLines(difference.field, most),
    onLines(difference.before ?? "missing", most),
    onLines(difference.after ?? "missing", most),
  ]);
  return [`Differences in the ${what}:`, gridText([head, ...body], 0, width), ""];
}
