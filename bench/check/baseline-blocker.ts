import { shortListing } from "../text/format.ts";
import type { BudgetOutcome } from "../results/comparison.ts";
import { gatesOf } from "../verdict/gates.ts";
import { fullName } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";
import { countsErrors } from "../verdict/metric.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/**
 * Why results may not become a baseline, in one sentence: a later check would accept what is wrong in them. Null
 * where they may.
 */
export function baselineBlocker(
  metrics: readonly CellMetric[],
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
  const errors = metrics.filter((metric) => countsErrors(metric) && gates(metric)).flatMap(errorIn);
  return errors.length === 0
    ? null
    : `${shortListing(errors)}: later checks would accept that; if it is intended, ` +
        `exclude the metric in check.gates`;
}

/** `sse.integrity.burst.lost is 44`; nothing where there was no error. */
function errorIn(metric: CellMetric): string[] {
  const worst = [...metric.values, ...metric.doubtful].toSorted((a, b) => b.value - a.value)[0];
  return worst === undefined || worst.value === 0
    ? []
    : [`${fullName(metric)} is ${worst.value} in trial ${worst.repetition}`];
}
