import { isUsable, isWithin, isWorse, pValuesOf } from "./evidence.ts";
import { judgeConfirmed, judgeAll } from "./judge-all.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";

export interface RuleLimits {
  /** Pairs before the first decision: with fewer than 7, no exact test reaches 1 %. */
  readonly minPairs: number;
  /** Pairs after which a decision is made either way. */
  readonly maxPairs: number;
  /** Fresh pairs that have to confirm a suspicion. */
  readonly confirmingPairs: number;
  /** The chance of a false alarm of a whole check, over all its metrics. */
  readonly alpha: number;
}

/** What to do next, given the pairs so far. */
export type Move =
  | { readonly what: "play" }
  /** Play `limits.confirmingPairs` fresh pairs, by which only the suspects are judged. */
  | { readonly what: "confirm"; readonly suspects: readonly string[] }
  | { readonly what: "end"; readonly judgements: readonly Judgement[] };

/** At most 20 pairs and 20 that confirm: `docs/check-proof.md` shows what they find. */
export const defaultLimits: RuleLimits = limitsFor(20);

/**
 * Limits for at most `maxPairs` exploring pairs and as many confirming ones. On a quiet machine ten confirming
 * pairs would suffice, but among ten, one stall of the baseline hides a regression: the pair that it turns round
 * has rank 10, and the signed-rank test allows such pairs a rank sum of 5 at most. Among twenty pairs it takes
 * three stalls. Confirming pairs are played only where a metric is suspected.
 */
export function limitsFor(maxPairs: number): RuleLimits {
  return { minPairs: 7, maxPairs, confirmingPairs: Math.max(10, maxPairs), alpha: 0.01 };
}

/**
 * Decides after each pair what comes next: play another pair, confirm suspects by fresh pairs, or end.
 *
 * Exploring tests every metric by itself after every pair, so it suspects unchanged metrics in more than
 * `alpha` of all checks. A false suspicion costs only the confirming pairs: a check fails by those alone, and
 * their chance of a false alarm is at most `alpha`, whatever exploring did. The reason: where nothing has
 * changed, the two sides of a pair differ only by their order, which was drawn at random. In the opposite
 * order, which was equally likely, the pair would have given the same difference with the opposite sign. So
 * all assignments of signs to the differences are equally likely, which is all that the exact signed-rank test
 * assumes. Drift from pair to pair, heavy tails and the outcome of exploring, which precedes the draw, don't
 * affect it. Holm's adjustment extends the bound to all suspects together, however they depend on each other.
 *
 * A check ends early where every metric has been shown not to be worse by the tolerance. Each of these tests
 * is at `alpha`, and all have to agree, so they need no adjustment.
 *
 * A pair without valid values doesn't count; the caller bounds how many of those are repeated.
 */
export function nextMove(
  exploring: readonly PairedMetric[],
  confirming: readonly PairedMetric[] | null,
  limits: RuleLimits,
): Move {
  const suspects = suspectsAmong(exploring, limits);
  const looks = [limits.maxPairs, limits.confirmingPairs];
  const settings = { ...limits, looks, level: limits.alpha };
  if (suspects.length > 0) {
    return playedOf(confirming ?? []) < limits.confirmingPairs
      ? { what: "confirm", suspects }
      : {
          what: "end",
          judgements: judgeConfirmed(exploring, confirming ?? [], suspects, settings),
        };
  }
  const isOver = playedOf(exploring) >= limits.maxPairs || exploring.every(isSettled(limits));
  return isOver
    ? { what: "end", judgements: judgeAll(exploring, settings, false) }
    : { what: "play" };
}

/**
 * Judges pairs where no more can be played, such as those in two results files. If the rule would have ended
 * with these pairs, its judgements stand. Otherwise suspects are judged by the confirming pairs that there are.
 * If no confirming pairs were planned (`null`), all metrics are judged by all pairs, with Holm's adjustment: that
 * test is exact, since the number of pairs didn't depend on what they showed.
 */
export function judgeFixed(
  exploring: readonly PairedMetric[],
  confirming: readonly PairedMetric[] | null,
  limits: RuleLimits,
): Judgement[] {
  const move = nextMove(exploring, confirming, limits);
  if (move.what === "end") return [...move.judgements];
  if (confirming === null) {
    const level = limits.alpha / exploring.length;
    return judgeAll(exploring, { ...limits, looks: [playedOf(exploring)], level }, true);
  }
  const looks = [playedOf(exploring), playedOf(confirming)];
  const settings = { ...limits, looks, level: limits.alpha };
  return judgeConfirmed(exploring, confirming, suspectsAmong(exploring, limits), settings);
}

/**
 * Metrics that look worse. Their p-values aren't adjusted for the number of metrics: a suspicion decides nothing,
 * and with a dozen metrics the adjustment would take four more pairs.
 */
function suspectsAmong(
  metrics: readonly PairedMetric[],
  { minPairs, alpha }: RuleLimits,
): string[] {
  return metrics
    .filter(
      (metric) =>
        metric.differences.length >= minPairs && isWorse(metric, pValuesOf(metric).above, alpha),
    )
    .map(({ name }) => name);
}

/** Whether more pairs wouldn't change the judgement of a metric. */
function isSettled({ minPairs, alpha }: RuleLimits): (metric: PairedMetric) => boolean {
  return (metric) =>
    !isUsable(metric) || (metric.differences.length >= minPairs && isWithin(metric, alpha));
}

/** How many pairs were played: those of the metric that has the most valid ones. */
function playedOf(metrics: readonly PairedMetric[]): number {
  return Math.max(0, ...metrics.map(({ differences }) => differences.length));
}
