import { pairedShift } from "../statistics/hodges-lehmann.ts";
import type { RuleLimits } from "../verdict/stopping-rule.ts";
import type { PairedMetric } from "../verdict/evidence.ts";
import type { SessionProgress } from "./session.ts";
import { signedPercent } from "../text/format.ts";

/**
 * One line after each pair, such as `pair 8 of at most 20: sse.latency.steady.p50 +1.2 % (−2 to +4), going on`.
 * It shows the metric that looks worst.
 */
export function progressLine(progress: SessionProgress, limits: RuleLimits): string {
  const { explored, confirming, invalid, metrics } = progress;
  const again = invalid === 0 ? "" : `, ${invalid} played again`;
  const pair =
    confirming === 0
      ? `pair ${explored} of at most ${limits.maxPairs}`
      : `confirming pair ${confirming} of ${limits.confirmingPairs}`;
  const worst = worstOf(metrics);
  return `${pair}${again}: ${worst === null ? "" : `${worst}, `}${nextText(progress)}`;
}

function nextText({ next, suspects, confirming }: SessionProgress): string {
  if (next === "end") return "decided";
  if (next === "play" || confirming > 0) return "going on";
  return `suspected: ${suspects.join(", ")}; fresh pairs are to confirm it`;
}

function worstOf(metrics: readonly PairedMetric[]): string | null {
  const shifts = metrics.flatMap(({ name, differences }) => {
    const shift = pairedShift(differences, 0.95);
    return shift === null ? [] : [{ name, ...shift }];
  });
  const [worst] = shifts.toSorted((a, b) => b.estimate - a.estimate);
  if (worst === undefined) return null;
  const { name, estimate, low, high } = worst;
  const [middle, from, to] = [estimate, low, high].map((shift) => signedPercent(Math.expm1(shift)));
  return `${name} ${middle} % (${from} to ${to})`;
}
