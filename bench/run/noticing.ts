import type { Noticing } from "../../scenarios/scenario.ts";
import type { Ends } from "../processes/watch-ends.ts";
import { sum } from "../statistics/basics.ts";

/** How soon one side noticed a silence that began at `sinceNs`, over all of its processes. */
export function noticingOf(ends: readonly Ends[], sinceNs: number): Noticing {
  const of = sum(ends.map((side) => side.of));
  const afterNs = ends
    .flatMap(({ endedNs }) => endedNs.map((ns) => ns - sinceNs))
    .toSorted((a, b) => a - b);
  return {
    of,
    count: afterNs.length,
    // Of all that could have noticed: those that didn't come last.
    after: (q) => afterNs[Math.max(0, Math.ceil(q * of) - 1)] ?? null,
  };
}
