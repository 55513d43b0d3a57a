import { exitCodes } from "../errors/errors.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { runProblems } from "../verdict/problems.ts";

/**
 * What a run comes to for the process that asked for it, by the rule of every comparison: what the server
 * made fail has failed, even where another trial made it good; what only the machine spoilt is inconclusive.
 */
export function runCode(results: Results): number {
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const problems = runProblems(results, "candidate");
  if (problems.length === 0) return exitCodes.done;
  return problems.every(({ code }) => code === "machine")
    ? exitCodes.inconclusive
    : exitCodes.failed;
}

/** What a comparison comes to. */
export function verdictCode(
  { outcome }: Comparison,
  inconclusive: CheckSettings["inconclusive"],
): number {
  if (outcome === "pass" || outcome === "improved") return exitCodes.done;
  if (outcome !== "inconclusive" || inconclusive === "fail") return exitCodes.failed;
  return inconclusive === "pass" ? exitCodes.done : exitCodes.inconclusive;
}
