import type { Comparison } from "../../bench/results/comparison.ts";
import { onLines } from "../grid.ts";

const widest = 34;

type Change = Comparison["changes"][number];

/** Where a metric was measured, and its name. */
export type Place = Pick<Change, "variant" | "scenario" | "phase" | "metric">;

/** The same on two sides: what config files and budgets call it, such as `sse.overhead.steady.bytesPerMessage`. */
export function addressOf(place: Place): string {
  return `${cellOf(place)}.${place.metric}`;
}

/** Without the metric: `sse.overhead.steady`. */
export function cellOf({ variant, scenario, phase }: Place): string {
  return [variant, scenario, ...(phase === null ? [] : [phase])].join(".");
}

/** The same for a narrow column: on two lines where it is too long for one. */
export function cellLines(place: Place): string {
  const cell = cellOf(place);
  if (cell.length <= widest) return cell;
  const rest = cell.slice(place.variant.length + 1);
  return `${onLines(place.variant, widest)}\n${onLines(rest, widest)}`;
}
