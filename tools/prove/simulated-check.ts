import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { judgeFixed, nextMove } from "../../bench/verdict/stopping-rule.ts";
import type { RuleLimits } from "../../bench/verdict/stopping-rule.ts";
import type { Judgement } from "../../bench/verdict/evidence.ts";
import { trialsOf, unplayed, withPairs } from "./world.ts";
import type { World } from "./world.ts";

/** How a whole check ended, with all its metrics. */
export interface CheckOutcome {
  readonly verdict: Judgement["verdict"];
  readonly judgements: readonly Judgement[];
  /** Those that confirm included. */
  readonly pairs: number;
}

/** Plays a check as `bench ab` does, by the rule itself. */
export function sequentialCheck(
  world: World,
  limits: RuleLimits,
  generator: RandomGenerator,
): CheckOutcome {
  const trials = trialsOf(world, generator);
  let exploring = withPairs(unplayed(), limits.minPairs, world, trials, generator);
  let move = nextMove(exploring, null, limits);
  while (move.what === "play") {
    exploring = withPairs(exploring, 1, world, trials, generator);
    move = nextMove(exploring, null, limits);
  }
  const explored = exploring[0]?.differences.length ?? 0;
  if (move.what === "end") return outcomeOf(move.judgements, explored);
  const fresh = withPairs(unplayed(), limits.confirmingPairs, world, trials, generator);
  const last = nextMove(exploring, fresh, limits);
  return outcomeOf(last.what === "end" ? last.judgements : [], explored + limits.confirmingPairs);
}

/** Plays a fixed number of pairs, and judges them without confirming pairs. */
export function fixedCheck(
  world: World,
  pairs: number,
  limits: RuleLimits,
  generator: RandomGenerator,
): CheckOutcome {
  const played = withPairs(unplayed(), pairs, world, trialsOf(world, generator), generator);
  return outcomeOf(judgeFixed(played, null, limits), pairs);
}

function outcomeOf(judgements: readonly Judgement[], pairs: number): CheckOutcome {
  const verdicts = new Set(judgements.map(({ verdict }) => verdict));
  const order = ["regressed", "inconclusive", "improved", "pass"] as const;
  const verdict = order.find((verdict) => verdicts.has(verdict)) ?? "inconclusive";
  return { verdict, judgements, pairs };
}
