import { exitCodes } from "../errors/errors.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { runProblems } from "../verdict/problems.ts";

/**
 * The exit code of a run, by the same rule as for comparisons: a trial that the server made fail is a failure, even
 * if another trial replaced it; a cell that only the machine invalidated is inconclusive.
 */
export function runCode(results: Results): number {
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const problems = runProblems(results, "candidate");
  if (problems.length === 0) return exitCodes.done;
  return problems.every(({ code }) => code === "machine")
    ? exitCodes.inconclusive
    : exitCodes.failed;
}

/** The exit code of a comparison. */
export function verdictCode(
  { outcome }: Comparison,
  inconclusive: CheckSettings["inconclusive"],
): number {
  if (outcome === "pass" || outcome === "improved") return exitCodes.done;
  if (outcome !== "inconclusive" || inconclusive === "fail") return exitCodes.failed;
  return inconclusive === "pass" ? exitCodes.done : exitCodes.inconclusive;
}
