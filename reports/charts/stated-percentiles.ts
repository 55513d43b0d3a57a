import { capital } from "../../bench/text/format.ts";
import type { Compared } from "./titles.ts";
import { millisecondsOf } from "./estimates.ts";
import type { Stated } from "./estimates.ts";
import type { ChartSource, Subject } from "./source.ts";

/** The percentiles of delivery latency that scenarios state for each trial. */
export interface StatedPercentile {
  readonly name: string;
  /** The same for those who don't know percentiles. */
  readonly label: string;
  readonly key: string;
  readonly told: Compared;
}

function percentile(name: string, share: string, middle: string): StatedPercentile {
  return {
    name,
    label: `${share} within (${name})`,
    key: `delivery.${name}`,
    told: {
      opening: `${capital(share)} of the deliveries arrive within`,
      where: `By the ${middle} (${name})`,
      unit: "ms",
    },
  };
}

/** Lowest first. */
export const statedPercentiles: readonly StatedPercentile[] = [
  percentile("p50", "half", "median"),
  percentile("p90", "90 %", "90th percentile"),
  percentile("p99", "99 %", "99th percentile"),
];

/**
 * The highest percentile that all have, references aside, with what they have; with none in common, the
 * lowest.
 */
export function highestInCommon(
  source: ChartSource,
  subjects: readonly Subject[],
): { readonly told: Compared; readonly stated: readonly Stated[] } | null {
  const own = subjects.filter(({ reference }) => !reference);
  const asked = own.length > 0 ? own : subjects;
  const found = statedPercentiles.map(({ key, told }) => ({
    told,
    stated: asked.flatMap((subject) => {
      const figure = millisecondsOf(source, subject, key);
      return "why" in figure ? [] : [figure];
    }),
  }));
  const common = found.findLast(({ stated }) => stated.length === asked.length);
  return common ?? found[0] ?? null;
}
