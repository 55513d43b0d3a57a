import { comparisonFormat, comparisonVersion } from "../results/comparison.ts";
import type { Comparison } from "../results/comparison.ts";

/** Completes a comparison by its outcome, which the worst finding decides. */
export function withOutcome(
  found: Omit<Comparison, "format" | "comparisonVersion" | "finishedAt" | "outcome">,
): Comparison {
  return {
    format: comparisonFormat,
    comparisonVersion,
    finishedAt: new Date().toISOString(),
    outcome: outcomeOf(found),
    ...found,
  };
}

function outcomeOf({
  problems,
  changes,
  budgets,
}: Pick<Comparison, "problems" | "changes" | "budgets">): Comparison["outcome"] {
  const verdicts = new Set<string>(changes.map(({ verdict }) => verdict));
  const outcomes = new Set<string>(budgets.map(({ outcome }) => outcome));
  const isKnown = problems.every(({ code }) => code !== "machine");
  if (problems.some(({ code }) => code !== "machine")) return "failed";
  if (verdicts.has("regressed") || outcomes.has("exceeded")) return "regressed";
  if (!isKnown || verdicts.has("inconclusive") || outcomes.has("unclear")) return "inconclusive";
  return verdicts.has("improved") ? "improved" : "pass";
}
