import type { VNode } from "preact";
import { placesOf } from "../groups.ts";
import type { Placeable } from "../placed-rows.ts";

/** The ids of the elements that the script uses. */
export const pickerId = "base";
export const baseLegendId = "base-legend";

/** Picks what all variants are held against; it takes the page's script, which shows it. */
export function BasePicker({
  rows,
  base,
}: {
  readonly rows: readonly Placeable[];
  readonly base: string | null;
}): VNode | null {
  const places = placesOf(rows);
  if (places.size < 2) return null;
  const isGrouped = [...places.values()].some(({ beyond }) => beyond !== null);
  return (
    <p class="picker" hidden>
      <label for={pickerId}>Compare with</label>{" "}
      <select id={pickerId}>
        <option value="">{isGrouped ? "the first of each group" : "nothing"}</option>
        {[...places.keys()].map((variant) => (
          <option key={variant} value={variant} selected={variant === base}>
            {variant}
          </option>
        ))}
      </select>
    </p>
  );
}
