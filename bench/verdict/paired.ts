import type { CheckSettings } from "../settings/check-settings.ts";
import type { Problem, Comparison } from "../results/comparison.ts";
import type { Results, Trial } from "../results/schema.ts";
import { gatesOf } from "./gates.ts";
import { fullName, measuresOf } from "./measures.ts";
import type { Measure } from "./measures.ts";
import type { PairedMetric, Judgement } from "./evidence.ts";
import { judgeFixed, limitsFor } from "./rule.ts";

/** What interleaved runs have come to, pair by pair. */
export interface Pairs {
  /** Those that gate, each with a difference for every pair of valid trials, in the order of play. */
  readonly metrics: readonly PairedMetric[];
  /** Why some metric of both sides can't be judged. */
  readonly problems: readonly Problem[];
  /** Pairs of which one trial, or both, didn't count. */
  readonly invalid: number;
}

/** Which repetitions are meant; all when left out. */
export interface Repetitions {
  readonly from?: number;
  readonly before?: number;
}

/** Pairs equal repetitions of both sides, and tells by how much the candidate is worse in each. */
export function pairedMetrics(
  baseline: Results,
  candidate: Results,
  settings: CheckSettings,
  { from = 1, before = Number.POSITIVE_INFINITY }: Repetitions = {},
): Pairs {
  const { gates, tolerance } = gatesOf(settings);
  const others = new Map(measuresOf(candidate).map((measure) => [fullName(measure), measure]));
  const problems: Problem[] = [];
  const metrics = measuresOf(baseline)
    .filter((measure) => measure.tier === 1 && gates(measure))
    .flatMap((measure) => {
      const name = fullName(measure);
      const pairs = pairsOf(measure, others.get(name)).filter(
        ({ repetition }) => repetition >= from && repetition < before,
      );
      if (pairs.some(({ a, b }) => !(a > 0 && b > 0 && Number.isFinite(a + b)))) {
        const text = `${name}: one of its trials has no value above zero, so there is no ratio`;
        problems.push({ code: "not-a-number", text });
        return [];
      }
      const sign = measure.better === "lower" ? 1 : -1;
      const { absolute, relative } = tolerance(measure);
      return {
        name,
        differences: pairs.map(({ a, b }) => sign * Math.log(b / a)),
        absolute: pairs.map(({ a, b }) => sign * (b - a)),
        margin: relative,
        leastAbsolute: absolute,
      };
    });
  return { metrics, problems, invalid: invalidPairs(baseline, candidate, from, before) };
}

function pairsOf(
  baseline: Measure,
  candidate: Measure | undefined,
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
