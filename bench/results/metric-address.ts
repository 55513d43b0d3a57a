import type { Change } from "./comparison.ts";

/** Where a metric was measured, and its name. */
export type MetricAddress = Pick<Change, "variant" | "scenario" | "phase" | "metric">;

/** The same on two sides: what config files and budgets call it, such as `sse.overhead.steady.bytesPerMessage`. */
export function addressOf(place: MetricAddress): string {
  return `${cellOf(place)}.${place.metric}`;
}

/** Without the metric: `sse.overhead.steady`. */
export function cellOf({ variant, scenario, phase }: MetricAddress): string {
  return [variant, scenario, ...(phase === null ? [] : [phase])].join(".");
}
