import { isUsable, isWithin, isWorse, pValuesOf } from "./evidence.ts";
import { confirmed, explored } from "./judgements.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";

export interface RuleLimits {
  /** Pairs before the first decision; below 7 no exact test reaches 1 %. */
  readonly least: number;
  /** Pairs after which it is decided either way. */
  readonly most: number;
  /** Fresh pairs for what was suspected. */
  readonly confirming: number;
  /** The chance of a false alarm of a whole check, over all its metrics. */
  readonly alpha: number;
}

/** What is to be done next, given the pairs so far. */
export type Move =
  | { readonly what: "play" }
  /** Play `limits.confirming` fresh pairs; only what is suspected is judged by them. */
  | { readonly what: "confirm"; readonly suspects: readonly string[] }
  | { readonly what: "end"; readonly judgements: readonly Judgement[] };

/** At most 20 pairs and 20 that confirm: `docs/check-proof.md` shows what they find. */
export const defaultLimits: RuleLimits = limitsFor(20);

/**
 * Limits for at most so many pairs, and as many that confirm. Ten of those would do on a quiet machine, but a
 * single stall of the baseline outvotes them: it takes a rank of 10 where the test allows a sum of 5. Of
 * twenty it takes three. Only what is suspected costs them.
 */
export function limitsFor(most: number): RuleLimits {
  return { least: 7, most, confirming: Math.max(10, most), alpha: 0.01 };
}

/**
 * Decides after each pair what comes next: play on, confirm what is suspected by fresh pairs, or end.
 *
 * Exploring looks at the data after every pair and at every metric by itself, so it suspects the innocent
 * more often than in `alpha` of all checks. That costs pairs, and nothing else: only what the fresh pairs
 * show by themselves fails a check. And there the chance of a false alarm is at most `alpha`, whatever
 * exploring did. Where nothing has changed, the two sides of a pair differ by their order only, which was
 * drawn at random; turned round, the pair would have given the same difference with the other sign, and was
 * as likely to be. So given their sizes all assignments of signs to the differences are equally likely, which
 * is all that the exact signed-rank test assumes: neither drift from pair to pair, nor heavy tails, nor an
 * outcome of exploring, which lies before the order was drawn, matters to it. Holm's adjustment extends it to
 * all suspects together, however they depend on each other.
 *
 * It ends early where every metric has been shown not to be worse by what is tolerated. Each of these tests is
 * at `alpha`, and all have to agree, so they need no adjustment.
 *
 * Whoever plays the pairs bounds how many invalid ones are repeated: a pair without valid values doesn't count.
 */
export function nextMove(
  exploring: readonly PairedMetric[],
  confirming: readonly PairedMetric[] | null,
  limits: RuleLimits,
): Move {
  const suspects = suspectsAmong(exploring, limits);
  const looks = [limits.most, limits.confirming];
  const grounds = { ...limits, looks, level: limits.alpha };
  if (suspects.length > 0) {
    return playedOf(confirming ?? []) < limits.confirming
      ? { what: "confirm", suspects }
      : { what: "end", judgements: confirmed(exploring, confirming ?? [], suspects, grounds) };
  }
  const isOver = playedOf(exploring) >= limits.most || exploring.every(isSettled(limits));
  return isOver
    ? { what: "end", judgements: explored(exploring, grounds, false) }
    : { what: "play" };
}

/**
 * Judges pairs where no more can be had, such as those in two results files. Where the rule would have ended
 * with them, that is the judgement. Else what was suspected is judged by the fresh pairs that there are; and
 * where none were meant to be, which is `null`, by the test on all pairs with Holm over all metrics: that is
 * exact for a number of pairs that didn't hang on what they showed.
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
    return explored(exploring, { ...limits, looks: [playedOf(exploring)], level }, true);
  }
  const looks = [playedOf(exploring), playedOf(confirming)];
  const grounds = { ...limits, looks, level: limits.alpha };
  return confirmed(exploring, confirming, suspectsAmong(exploring, limits), grounds);
}

/**
 * Not adjusted for the number of metrics: a suspicion decides nothing, and with a dozen of them it would
 * take four more pairs to have one.
 */
function suspectsAmong(metrics: readonly PairedMetric[], { least, alpha }: RuleLimits): string[] {
  return metrics
    .filter(
      (metric) =>
        metric.differences.length >= least && isWorse(metric, pValuesOf(metric).above, alpha),
    )
    .map(({ name }) => name);
}

/** More pairs wouldn't change what is known of it. */
function isSettled({ least, alpha }: RuleLimits): (metric: PairedMetric) => boolean {
  return (metric) =>
    !isUsable(metric) || (metric.differences.length >= least && isWithin(metric, alpha));
}

/** How many pairs were played: those of the metric that has the most valid ones. */
function playedOf(metrics: readonly PairedMetric[]): number {
  return Math.max(0, ...metrics.map(({ differences }) => differences.length));
}
