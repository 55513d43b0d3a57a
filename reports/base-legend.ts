import { placedRows } from "./placed-rows.ts";
import type { Placeable } from "./placed-rows.ts";
import { sameSign, unclearSign } from "./relative.ts";

// Bundled for browsers: nothing here may import from Node.

/** What stands in the place of a figure's interval where it is held against another one; empty where none is. */
export function baseLegend(
  rows: readonly Placeable[],
  picked: string | null,
  place = "Below a figure",
): string {
  const against = placedRows(rows, picked).flatMap((placed) => placed.against ?? []);
  if (against.length === 0) return "";
  if (picked !== null) {
    return (
      `${place}, another variant has how many times that of ${picked} it is, ` +
      `and the interval of this ratio, ${surely}; ${sameSign} is the same in the digits shown.`
    );
  }
  return (
    `${place}, an indented variant has what it adds to the first of its group (+) or takes from it (−): ` +
    `${sameSign} is the same in the digits shown, ${unclearSign} not significant: not told from no difference, ${surely}.`
  );
}

const surely =
  "with a confidence of 95 %; it is computed from both intervals, which are widened below six trials";
