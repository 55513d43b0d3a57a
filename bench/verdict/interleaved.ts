import type { CheckSettings } from "../settings/check-settings.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import { pairedMetrics } from "./paired.ts";
import { judgeFixed, limitsFor } from "./rule.ts";
import type { Judgement } from "./paired-metric.ts";

/** What two results of one interleaved session come to; null where they are not of one. */
export function interleaved(
  baseline: Results,
  candidate: Results,
  settings: CheckSettings,
): { judgements: Judgement[]; pairs: Comparison["pairs"] } | null {
  const [before, now] = [baseline.run.pairing, candidate.run.pairing];
  if (before === null || now === null) return null;
  if (before.session !== now.session || before.side === now.side) return null;
  const { confirmsFrom } = before;
  const limits = limitsFor(settings.pairs ?? 20);
  const exploring = pairedMetrics(
    baseline,
    candidate,
    settings,
    confirmsFrom === null ? {} : { before: confirmsFrom },
  );
  const confirming =
    confirmsFrom === null
      ? null
      : pairedMetrics(baseline, candidate, settings, { from: confirmsFrom });
  const judgements = judgeFixed(exploring.metrics, confirming?.metrics ?? null, limits);
  const played = (pairs: typeof exploring | null): number =>
    Math.max(0, ...(pairs?.metrics.map(({ differences }) => differences.length) ?? []));
  return {
    judgements,
    pairs: {
      explored: played(exploring),
      confirming: played(confirming),
      most: limits.most,
      invalid: exploring.invalid + (confirming?.invalid ?? 0),
    },
  };
}
