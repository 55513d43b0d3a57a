import { cellOf } from "../../bench/results/place.ts";
import type { Place } from "../../bench/results/place.ts";
import { onLines } from "../grid.ts";

const widest = 34;

/** `sse.overhead.steady` for a narrow column: on two lines where it is too long for one. */
export function cellLines(place: Place): string {
  const cell = cellOf(place);
  if (cell.length <= widest) return cell;
  const rest = cell.slice(place.variant.length + 1);
  return `${onLines(place.variant, widest)}\n${onLines(rest, widest)}`;
}
