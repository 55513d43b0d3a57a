import { quantityFormat } from "../text/quantity.ts";
import type { BudgetOutcome, ComparedMetric } from "../results/comparison.ts";
import { sideOf } from "../verdict/change.ts";
import { whoseDoing } from "../verdict/counted.ts";
import { fullName } from "../verdict/measures.ts";
import type { Measure } from "../verdict/measures.ts";
import { isMeant, limitFor } from "./budgets.ts";
import type { Budget } from "./budgets.ts";

/** Fewer trials have no interval that holds the median with 95 %. */
export const leastTimedTrials = 6;

/**
 * Holds what was measured against a budget, wherever it is for. What was planned and couldn't be had is
 * no budget kept.
 */
export function budgetOutcomes(
  budget: Budget,
  planned: readonly ComparedMetric[],
  measures: readonly Measure[],
): BudgetOutcome[] {
  const measured = new Map(measures.map((measure) => [fullName(measure), measure]));
  return planned
    .filter((place) => isMeant(budget, place))
    .map((place) => outcomeOf(budget, place, measured.get(fullName(place))));
}

function outcomeOf(
  budget: Budget,
  { tier, ...place }: ComparedMetric,
  measure: Measure | undefined,
): BudgetOutcome {
  const { text, operator } = budget;
  const limit = limitFor(budget, { tier, ...place });
  return {
    ...place,
    budget: text,
    operator,
    limit,
    value: measure === undefined ? null : sideOf(measure),
    ...(measure === undefined ? unmeasured : judged(measure, operator, limit)),
  };
}

type Judged = Pick<BudgetOutcome, "outcome" | "reason">;

const unmeasured: Judged = { outcome: "unclear", reason: "no valid trial has this figure" };

function judged(measure: Measure, operator: BudgetOutcome["operator"], limit: number): Judged {
  if (measure.values.some(({ value }) => !Number.isFinite(value))) {
    return { outcome: "unclear", reason: "not all of its values are numbers" };
  }
  return measure.tier === 1
    ? judgedTiming(measure, operator, limit)
    : judgedCount(measure, operator, limit);
}

/** On the interval, and not on the point. */
function judgedTiming(
  measure: Measure,
  operator: BudgetOutcome["operator"],
  limit: number,
): Judged {
  const { low, high, trials } = sideOf(measure);
  const written = quantityFormat(measure.unit, [low, high, limit]);
  const interval = `${written(low)} to ${written(high)}`;
  if (trials < leastTimedTrials) {
    const reason = `only ${trials} valid trials; an interval of 95 % needs ${leastTimedTrials}`;
    return { outcome: "unclear", reason };
  }
  if (isWithin(low, operator, limit) && isWithin(high, operator, limit)) {
    return doubtful(measure, operator, limit, `${interval} is within the limit`);
  }
  // An interval that reaches past the limit on both sides of it holds it, too.
  const beyond = operator.startsWith(">") ? high : low;
  const isOver =
    operator === "==" ? limit < low || limit > high : !isWithin(beyond, operator, limit);
  return isOver
    ? { outcome: "exceeded", reason: `${interval} is beyond the limit` }
    : { outcome: "unclear", reason: `${interval} extends beyond the limit` };
}

/** In every trial: the worst one decides. */
function judgedCount(measure: Measure, operator: BudgetOutcome["operator"], limit: number): Judged {
  const { low, high } = sideOf(measure);
  const written = quantityFormat(measure.unit, [low, high, limit]);
  const broken = [low, high].filter((value) => !isWithin(value, operator, limit));
  const [worst] = broken.toSorted((a, b) => Math.abs(b - limit) - Math.abs(a - limit));
  if (worst === undefined) {
    const seen = low === high ? written(low) : `${written(low)} to ${written(high)}`;
    const doubt = measure.doubtful.find(({ value }) => !isWithin(value, operator, limit));
    return doubt === undefined
      ? doubtful(measure, operator, limit, `${seen} in all trials`)
      : {
          outcome: "unclear",
          reason: `${seen} in all trials, but ${written(doubt.value)} in trial ${doubt.repetition}, ${whoseDoing}`,
        };
  }
  const reason = `${written(worst)} in the worst trial`;
  // It may be more than the trial has shown, and then not too little.
  return worst < limit && measure.most !== null && measure.most >= limit
    ? {
        outcome: "unclear",
        reason: `${reason}, where the search ended before the server reached its limit`,
      }
    : { outcome: "exceeded", reason };
}

/** What may be more than was shown may still be too much. */
function doubtful(
  { most }: Measure,
  operator: BudgetOutcome["operator"],
  limit: number,
  reason: string,
): Judged {
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
