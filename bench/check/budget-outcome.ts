import { quantityFormat } from "../text/quantity.ts";
import type { BudgetOutcome, ComparedMetric } from "../results/comparison.ts";
import { beyondClocks } from "../results/clock-bound.ts";
import { isTooUnclear, sideOf } from "../verdict/change.ts";
import { inInvalidTrial } from "../verdict/judge-counted.ts";
import { fullName } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";
import { isMeant, limitFor } from "./budgets.ts";
import type { Budget } from "./budgets.ts";

/** With fewer trials no interval holds the median with 95 % confidence. */
export const minTimedTrials = 6;

/**
 * Compares all metrics that a budget limits with its limit. A planned metric that has no value doesn't keep the
 * budget.
 */
export function budgetOutcomes(
  budget: Budget,
  planned: readonly ComparedMetric[],
  metrics: readonly CellMetric[],
): BudgetOutcome[] {
  const measured = new Map(metrics.map((metric) => [fullName(metric), metric]));
  return planned
    .filter((place) => isMeant(budget, place))
    .map((place) => outcomeOf(budget, place, measured.get(fullName(place))));
}

function outcomeOf(
  budget: Budget,
  { tier, ...place }: ComparedMetric,
  metric: CellMetric | undefined,
): BudgetOutcome {
  const { text, operator } = budget;
  const limit = limitFor(budget, { tier, ...place });
  return {
    ...place,
    budget: text,
    operator,
    limit,
    value: metric === undefined ? null : sideOf(metric),
    ...(metric === undefined ? unmeasured : judge(metric, operator, limit)),
  };
}

type BudgetVerdict = Pick<BudgetOutcome, "outcome" | "reason">;

const unmeasured: BudgetVerdict = { outcome: "unclear", reason: "no valid trial has this figure" };

function judge(
  metric: CellMetric,
  operator: BudgetOutcome["operator"],
  limit: number,
): BudgetVerdict {
  if (metric.values.some(({ value }) => !Number.isFinite(value))) {
    return { outcome: "unclear", reason: "not all of its values are numbers" };
  }
  if (isTooUnclear(metric)) return { outcome: "unclear", reason: beyondClocks };
  return metric.tier === 1
    ? judgeTiming(metric, operator, limit)
    : judgeCount(metric, operator, limit);
}

/** Judges a timed metric by its interval rather than by its median. */
function judgeTiming(
  metric: CellMetric,
  operator: BudgetOutcome["operator"],
  limit: number,
): BudgetVerdict {
  const { low, high, trials } = sideOf(metric);
  const written = quantityFormat(metric.unit, [low, high, limit]);
  const interval = `${written(low)} to ${written(high)}`;
  if (trials < minTimedTrials) {
    const reason = `only ${trials} valid trials; an interval of 95 % needs ${minTimedTrials}`;
    return { outcome: "unclear", reason };
  }
  if (isWithin(low, operator, limit) && isWithin(high, operator, limit)) {
    return keptUnlessMore(metric, operator, limit, `${interval} is within the limit`);
  }
  // An interval that reaches past the limit on both sides of it holds it, too.
  const beyond = operator.startsWith(">") ? high : low;
  const isOver =
    operator === "==" ? limit < low || limit > high : !isWithin(beyond, operator, limit);
  return isOver
    ? { outcome: "exceeded", reason: `${interval} is beyond the limit` }
    : { outcome: "unclear", reason: `${interval} extends beyond the limit` };
}

/** Judges a counted metric by its worst trial. */
function judgeCount(
  metric: CellMetric,
  operator: BudgetOutcome["operator"],
  limit: number,
): BudgetVerdict {
  const { low, high } = sideOf(metric);
  const written = quantityFormat(metric.unit, [low, high, limit]);
  const broken = [low, high].filter((value) => !isWithin(value, operator, limit));
  const [worst] = broken.toSorted((a, b) => Math.abs(b - limit) - Math.abs(a - limit));
  if (worst === undefined) {
    const seen = low === high ? written(low) : `${written(low)} to ${written(high)}`;
    const doubt = metric.doubtful.find(({ value }) => !isWithin(value, operator, limit));
    return doubt === undefined
      ? keptUnlessMore(metric, operator, limit, `${seen} in all trials`)
      : {
          outcome: "unclear",
          reason: `${seen} in all trials, but ${written(doubt.value)} in trial ${doubt.repetition}, ${inInvalidTrial}`,
        };
  }
  const reason = `${written(worst)} in the worst trial`;
  // A value that is a lower bound may still reach the limit.
  return worst < limit && metric.most !== null && metric.most >= limit
    ? {
        outcome: "unclear",
        reason: `${reason}, where the search ended before the server reached its limit`,
      }
    : { outcome: "exceeded", reason };
}

/** The budget is kept, unless the value is a lower bound and may exceed the limit. */
function keptUnlessMore(
  { most }: CellMetric,
  operator: BudgetOutcome["operator"],
  limit: number,
  reason: string,
): BudgetVerdict {
  return most === null || isWithin(most, operator, limit)
    ? { outcome: "kept", reason }
    : { outcome: "unclear", reason: `${reason}, but it may be more` };
}

function isWithin(value: number, operator: BudgetOutcome["operator"], limit: number): boolean {
  switch (operator) {
    case "<=":
      return value <= limit;
    case "<":
      return value < limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
    case "==":
      return value === limit;
    default:
      return operator satisfies never;
  }
}
