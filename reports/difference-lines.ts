import type { Difference } from "./differences.ts";
import { gridText, onLines } from "./grid.ts";

/** What differs between two runs as a table, or the line that nothing does. */
export function differenceLines(
  what: string,
  differences: readonly Difference[],
  [before, after]: readonly [string, string],
): string[] {
  if (differences.length === 0) return [`Nothing that is recorded of the ${what} differs.`, ""];
  const head = ["", onLines(before, 29), onLines(after, 29)];
  const body = differences.map((difference) => [
    onLines(difference.field, 32),
    onLines(difference.before ?? "missing", 29),
    onLines(difference.after ?? "missing", 29),
  ]);
  return [`What differs in the ${what}:`, gridText([head, ...body]), ""];
}
