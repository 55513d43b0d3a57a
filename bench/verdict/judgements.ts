import { holm } from "../statistics/holm.ts";
import { pValuesOf } from "./evidence.ts";
import { freshJudgement, judgement } from "./judgement.ts";
import type { Grounds } from "./judgement.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";

/** Judges all metrics by the same pairs, adjusted by Holm for how many there are. */
export function explored(
  metrics: readonly PairedMetric[],
  grounds: Grounds,
  mayFail: boolean,
): Judgement[] {
  const pValues = metrics.map(pValuesOf);
  const above = holm(pValues.map((sides) => sides.above));
  const below = holm(pValues.map((sides) => sides.below));
  return metrics.map((metric, index) => {
    const adjusted = { above: above[index] ?? 1, below: below[index] ?? 1 };
    return judgement(metric, adjusted, grounds, mayFail);
  });
}

/** Suspects by the fresh pairs alone; the others by all pairs, which can't fail them without having been fresh. */
export function confirmed(
  exploring: readonly PairedMetric[],
  confirming: readonly PairedMetric[],
  suspects: readonly string[],
  grounds: Grounds,
): Judgement[] {
  const fresh = new Map(confirming.map((metric) => [metric.name, metric]));
  const suspected = exploring
    .filter(({ name }) => suspects.includes(name))
    .map((metric) => fresh.get(metric.name) ?? unplayed(metric));
  const others = exploring
    .filter(({ name }) => !suspects.includes(name))
    .map((metric) => joined(metric, fresh.get(metric.name)));
  const adjusted = holm(suspected.map((metric) => pValuesOf(metric).above));
  const judgements = new Map(
    [
      ...suspected.map((metric, index) => freshJudgement(metric, adjusted[index] ?? 1, grounds)),
      ...explored(others, grounds, false),
    ].map((judgement) => [judgement.name, judgement]),
  );
  return exploring.flatMap(({ name }) => judgements.get(name) ?? []);
}

function unplayed(metric: PairedMetric): PairedMetric {
  return { ...metric, differences: [], absolute: [] };
}

function joined(metric: PairedMetric, more: PairedMetric | undefined): PairedMetric {
  return {
    ...metric,
    differences: [...metric.differences, ...(more?.differences ?? [])],
    absolute: [...metric.absolute, ...(more?.absolute ?? [])],
  };
}
