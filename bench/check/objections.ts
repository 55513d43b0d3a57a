import { shortListing } from "../text/format.ts";
import type { BudgetOutcome } from "../results/comparison.ts";
import { gatesOf } from "../verdict/gates.ts";
import { fullName } from "../verdict/measures.ts";
import type { Measure } from "../verdict/measures.ts";
import { isHarm } from "../verdict/metric.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/**
 * Why what was measured may not become a baseline, in one sentence: from then on a check would take it for
 * granted. Null where nothing is in the way.
 */
export function objectionTo(
  measures: readonly Measure[],
  budgets: readonly BudgetOutcome[],
  settings: CheckSettings,
): string | null {
  const broken = budgets.filter(({ outcome }) => outcome === "exceeded");
  const [first] = broken;
  if (first !== undefined) {
    const texts = [...new Set(broken.map(({ budget }) => budget))];
    return `over budget: ${shortListing(texts)} (${first.reason})`;
  }
  const { gates } = gatesOf(settings);
  const harms = measures.filter((measure) => isHarm(measure) && gates(measure)).flatMap(harmIn);
  return harms.length === 0
    ? null
    : `${shortListing(harms)}: later checks would accept that; if it is intended, ` +
        `exclude the metric in check.gates`;
}

/** `sse.integrity.burst.lost is 44`; nothing where it never happened. */
function harmIn(measure: Measure): string[] {
  const worst = [...measure.values, ...measure.doubtful].toSorted((a, b) => b.value - a.value)[0];
  return worst === undefined || worst.value === 0
    ? []
    : [`${fullName(measure)} is ${worst.value} in trial ${worst.repetition}`];
}
