import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { medianOf } from "../../bench/statistics/basics.ts";
import { mannWhitneyTest } from "../../bench/statistics/mann-whitney.ts";
import { doubledMidRanks, signedRankTest } from "../../bench/statistics/signed-rank.ts";
import { normal } from "../../bench/statistics/random.ts";
import { trialsOf, unplayed, withPairs } from "./world.ts";
import type { World } from "./world.ts";

/** A rule that looks at p50 alone: whether it says that the candidate is worse, or different. */
export interface NaiveRule {
  readonly name: string;
  readonly alarms: (world: World, generator: RandomGenerator) => boolean;
}

/** Rules that are in use, and the step from each to the next. */
export const naiveRules: readonly NaiveRule[] = [
  {
    name: "all messages of two runs pooled, Mann-Whitney at 5 %",
    alarms: pooledDiffer,
  },
  {
    name: "one run each, more than 10 % slower",
    alarms: (world, generator) => {
      const { baseline, candidate } = oneAfterTheOther(1, world, generator);
      return medianRatio(baseline, candidate) > 1.1;
    },
  },
  {
    name: "ten runs of A, then ten of B, Mann-Whitney at 1 % and more than 10 %",
    alarms: (world, generator) => {
      const { baseline, candidate } = oneAfterTheOther(10, world, generator);
      const { above } = mannWhitneyTest(baseline, candidate);
      return above < 0.01 && medianRatio(baseline, candidate) > 1.1;
    },
  },
  {
    name: "ten pairs in random order, signed-rank at 1 %",
    alarms: (world, generator) => {
      const trials = trialsOf(world, generator);
      const [p50] = withPairs(unplayed(), 10, world, trials, generator);
      return signedRankTest(p50?.differences ?? []).above < 0.01;
    },
  },
];

interface Sides {
  /** Logarithms of the levels of trials. */
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

/** First all trials of one side, then all of the other. */
function oneAfterTheOther(trials: number, world: World, generator: RandomGenerator): Sides {
  const next = trialsOf(world, generator);
  const levels = Array.from({ length: 2 * trials }, () => next()[0] ?? Number.NaN);
  const change = Math.log1p(world.change);
  return {
    baseline: levels.slice(0, trials),
    candidate: levels.slice(trials).map((level) => level + change),
  };
}

function medianRatio(baseline: readonly number[], candidate: readonly number[]): number {
  return Math.exp((medianOf(candidate) ?? Number.NaN) - (medianOf(baseline) ?? Number.NaN));
}

const messages = 500;

/** How far messages of one trial scatter around its level, in ln. */
const messageScatter = 0.3;

function pooledDiffer(world: World, generator: RandomGenerator): boolean {
  const { baseline, candidate } = oneAfterTheOther(1, world, generator);
  const spread = (levels: readonly number[]): number[] =>
    levels.flatMap((level) =>
      Array.from({ length: messages }, () => level + messageScatter * normal(generator)),
    );
  const ranks = doubledMidRanks([...spread(candidate), ...spread(baseline)]);
  const sum = ranks.slice(0, messages).reduce((total, rank) => total + rank / 2, 0);
  // The usual approximation for many values: mean n(2n + 1) / 2, variance n²(2n + 1) / 12.
  const expected = (messages * (2 * messages + 1)) / 2;
  return Math.abs(sum - expected) > 1.96 * Math.sqrt((messages * expected) / 6);
}
