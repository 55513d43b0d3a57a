import type { BudgetOutcome, Change, Comparison } from "../../bench/results/comparison.ts";
import { groupBy } from "../group-by.ts";
import { shortListing } from "../../bench/text/format.ts";
import { addressOf } from "../../bench/results/comparison.ts";

/** The changes of one tier, those that matter first. */
export interface Tier {
  /** Regressed, inconclusive and improved, in this order. */
  readonly changed: readonly Change[];
  readonly passed: readonly Change[];
  /** Not judged. */
  readonly shown: readonly Change[];
}

export interface Groups {
  readonly counted: Tier;
  readonly timed: Tier;
  /** Exceeded, then unclear. */
  readonly broken: readonly BudgetOutcome[];
  readonly kept: readonly BudgetOutcome[];
}

/** What every report of a comparison shows, in the order in which it shows it. */
export function groupsOf({ changes, budgets }: Comparison): Groups {
  return {
    counted: tierOf(changes.filter(({ tier }) => tier === 0)),
    timed: tierOf(changes.filter(({ tier }) => tier === 1)),
    broken: [...withOutcome(budgets, "exceeded"), ...withOutcome(budgets, "unclear")],
    kept: withOutcome(budgets, "kept"),
  };
}

function tierOf(changes: readonly Change[]): Tier {
  const having = (verdict: Change["verdict"]): Change[] =>
    changes.filter((change) => change.verdict === verdict);
  return {
    changed: [...having("regressed"), ...having("inconclusive"), ...having("improved")],
    passed: having("pass"),
    shown: having("shown"),
  };
}

function withOutcome(
  budgets: readonly BudgetOutcome[],
  outcome: BudgetOutcome["outcome"],
): BudgetOutcome[] {
  return budgets.filter((budget) => budget.outcome === outcome);
}

/** Why changes were judged as they were: each reason once, and what it is about. */
export function reasonsOf(changes: readonly Change[]): string[] {
  return [...groupBy(changes, ({ reason }) => reason)].map(
    ([reason, same]) => `${shortListing(same.map(addressOf), 2)}: ${reason}`,
  );
}
