import { holm } from "../statistics/holm.ts";
import { pValuesOf } from "./evidence.ts";
import { judgeByFreshPairs, judgeByPairs } from "./judge-pairs.ts";
import type { TestSettings } from "./judge-pairs.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";

/** Judges all metrics by the same pairs, with p-values adjusted by Holm for the number of metrics. */
export function judgeAll(
  metrics: readonly PairedMetric[],
  settings: TestSettings,
  mayFail: boolean,
): Judgement[] {
  const pValues = metrics.map(pValuesOf);
  const above = holm(pValues.map((sides) => sides.above));
  const below = holm(pValues.map((sides) => sides.below));
  return metrics.map((metric, index) => {
    const adjusted = { above: above[index] ?? 1, below: below[index] ?? 1 };
    return judgeByPairs(metric, adjusted, settings, mayFail);
  });
}

/**
 * Judges suspects by the confirming pairs alone, and all other metrics by all pairs. The latter can't regress:
 * whatever makes one of them look worse now hasn't been confirmed by fresh pairs.
 */
export function judgeConfirmed(
  exploring: readonly PairedMetric[],
  confirming: readonly PairedMetric[],
  suspects: readonly string[],
  settings: TestSettings,
): Judgement[] {
  const fresh = new Map(confirming.map((metric) => [metric.name, metric]));
  const suspected = exploring
    .filter(({ name }) => suspects.includes(name))
    .map((metric) => fresh.get(metric.name) ?? withoutPairs(metric));
  const others = exploring
    .filter(({ name }) => !suspects.includes(name))
    .map((metric) => appendPairs(metric, fresh.get(metric.name)));
  const adjusted = holm(suspected.map((metric) => pValuesOf(metric).above));
  const judgements = new Map(
    [
      ...suspected.map((metric, index) =>
        judgeByFreshPairs(metric, adjusted[index] ?? 1, settings),
      ),
      ...judgeAll(others, settings, false),
    ].map((judgement) => [judgement.name, judgement]),
  );
  return exploring.flatMap(({ name }) => judgements.get(name) ?? []);
}

function withoutPairs(metric: PairedMetric): PairedMetric {
  return { ...metric, differences: [], absolute: [] };
}

function appendPairs(metric: PairedMetric, more: PairedMetric | undefined): PairedMetric {
  return {
    ...metric,
    differences: [...metric.differences, ...(more?.differences ?? [])],
    absolute: [...metric.absolute, ...(more?.absolute ?? [])],
  };
}
