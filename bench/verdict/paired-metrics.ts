import type { CheckSettings } from "../settings/check-settings.ts";
import type { Problem, Comparison } from "../results/comparison.ts";
import type { Results, Trial } from "../results/schema.ts";
import { isTooUnclear } from "./change.ts";
import { gatesOf } from "./gates.ts";
import { fullName, cellMetricsOf } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";
import type { PairedMetric, Judgement } from "./evidence.ts";
import { judgeFixed, limitsFor } from "./stopping-rule.ts";

/** The outcome of interleaved runs, pair by pair. */
export interface Pairs {
  /** The gating metrics, each with a difference for every pair of valid trials, in the order of play. */
  readonly metrics: readonly PairedMetric[];
  /** Why some metric of both sides can't be judged. */
  readonly problems: readonly Problem[];
  /** Pairs in which one trial or both didn't count. */
  readonly invalid: number;
}

/** A range of repetitions; all of them by default. */
export interface Repetitions {
  readonly from?: number;
  readonly before?: number;
}

/** Pairs equal repetitions of both sides, with how much worse the candidate is in each pair. */
export function pairedMetrics(
  baseline: Results,
  candidate: Results,
  settings: CheckSettings,
  { from = 1, before = Number.POSITIVE_INFINITY }: Repetitions = {},
): Pairs {
  const { gates, tolerance } = gatesOf(settings);
  const clear = cellMetricsOf(candidate).filter((metric) => !isTooUnclear(metric));
  const others = new Map(clear.map((metric) => [fullName(metric), metric]));
  const problems: Problem[] = [];
  const metrics = cellMetricsOf(baseline)
    .filter((metric) => metric.tier === 1 && gates(metric) && !isTooUnclear(metric))
    .flatMap((metric) => {
      const name = fullName(metric);
      const pairs = pairsOf(metric, others.get(name)).filter(
        ({ repetition }) => repetition >= from && repetition < before,
      );
      if (pairs.some(({ a, b }) => !(a > 0 && b > 0 && Number.isFinite(a + b)))) {
        const text = `${name}: one of its trials has no value above zero, so there is no ratio`;
        problems.push({ code: "not-a-number", text });
        return [];
      }
      const sign = metric.better === "lower" ? 1 : -1;
      const { absolute, relative } = tolerance(metric);
      return {
        name,
        differences: pairs.map(({ a, b }) => sign * Math.log(b / a)),
        absolute: pairs.map(({ a, b }) => sign * (b - a)),
        margin: relative,
        minAbsolute: absolute,
      };
    });
  return { metrics, problems, invalid: invalidPairs(baseline, candidate, from, before) };
}

function pairsOf(
  baseline: CellMetric,
  candidate: CellMetric | undefined,
): { repetition: number; a: number; b: number }[] {
  const values = new Map(candidate?.values.map(({ repetition, value }) => [repetition, value]));
  return baseline.values
    .toSorted((a, b) => a.repetition - b.repetition)
    .flatMap(({ repetition, value: a }) => {
      const b = values.get(repetition);
      return b === undefined ? [] : { repetition, a, b };
    });
}

function invalidPairs(baseline: Results, candidate: Results, from: number, before: number): number {
  const invalid = [...baseline.trials, ...candidate.trials].filter(
    ({ outcome, repetition }) =>
      outcome.status !== "valid" && repetition >= from && repetition < before,
  );
  return new Set(invalid.map(pairOf)).size;
}

function pairOf({ variant, scenario, repetition }: Trial): string {
  return JSON.stringify([variant, scenario, repetition]);
}

/** Judges two results of one interleaved session; null where they aren't of one session. */
export function judgeInterleaved(
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
      most: limits.maxPairs,
      invalid: exploring.invalid + (confirming?.invalid ?? 0),
    },
  };
}
