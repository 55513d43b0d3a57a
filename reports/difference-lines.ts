import type { Difference } from "../bench/results/differences.ts";
import { gridText, onLines } from "./grid.ts";

/** What differs between two runs as a table, or the line that nothing does. */
export function differenceLines(
  what: string,
  differences: readonly Difference[],
  [before, after]: readonly [string, string],
  width: number,
): string[] {
  const most = Math.floor(width / 3) - 4;
  if (differences.length === 0) return [`Nothing that is recorded of the ${what} differs.`, ""];
  const head = ["", onLines(before, most), onLines(after, most)];
  const body = differences.map((difference) => [
    onLines(difference.field, most),
    onLines(difference.before ?? "missing", most),
    onLines(difference.after ?? "missing", most),
  ]);
  return [`What differs in the ${what}:`, gridText([head, ...body], 0, width), ""];
}
