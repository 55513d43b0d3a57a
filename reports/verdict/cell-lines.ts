import { cellOf } from "../../bench/results/metric-address.ts";
import type { MetricAddress } from "../../bench/results/metric-address.ts";
import { onLines } from "../grid.ts";

const widest = 34;

/** `sse.overhead.steady` for a narrow column: on two lines where it is too long for one. */
export function cellLines(place: MetricAddress): string {
  const cell = cellOf(place);
  if (cell.length <= widest) return cell;
  const rest = cell.slice(place.variant.length + 1);
  return `${onLines(place.variant, widest)}\n${onLines(rest, widest)}`;
}
