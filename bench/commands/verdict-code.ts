import { exitCodes } from "../errors/errors.ts";
import type { Comparison } from "../results/comparison.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/** What a comparison's outcome is to the process that asked for it. */
export function verdictCode(
  { outcome }: Comparison,
  inconclusive: CheckSettings["inconclusive"],
): number {
  if (outcome === "pass" || outcome === "improved") return exitCodes.done;
  if (outcome !== "inconclusive" || inconclusive === "fail") return exitCodes.failed;
  return inconclusive === "pass" ? exitCodes.done : exitCodes.inconclusive;
}
