import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal } from "../../bench/statistics/random.ts";
import type { PairedMetric } from "../../bench/verdict/evidence.ts";

/** How the levels of trials scatter and hang together. */
export interface Shape {
  readonly name: string;
  /** How much of a trial's deviation is left in the next one: AR(1). */
  readonly persistence: number;
  readonly tails: "normal" | "heavy";
  /** The share of trials in which everything takes twice as long. */
  readonly stalls: number;
}

const plain = { persistence: 0, tails: "normal", stalls: 0 } as const;

export const shapes = {
  calm: { ...plain, name: "independent, normal" },
  drift: { ...plain, name: "drift: AR(1), 0.6", persistence: 0.6 },
  tails: { ...plain, name: "heavy tails: t with 3 degrees", tails: "heavy" },
  stalls: { ...plain, name: "one trial in 20 takes twice", stalls: 0.05 },
  rough: { name: "drift, heavy tails, stalls", persistence: 0.6, tails: "heavy", stalls: 0.05 },
} as const satisfies Record<string, Shape>;

/** What is true of a simulated check, and what its rule has to find out. */
export interface World {
  /** The standard deviation of the logarithm of a trial's level, stalls apart. */
  readonly noise: number;
  readonly shape: Shape;
  /** By how much p50 of the candidate is worse, as a share; nothing else changes. */
  readonly change: number;
}

/** The gating metrics with their usual margins; all hang together, as those of one trial do. */
const metrics = [
  { name: "p50", margin: 0.1, minAbsolute: 1e5 },
  { name: "p90", margin: 0.15, minAbsolute: 1e5 },
  { name: "cpu", margin: 0.1, minAbsolute: 0 },
] as const;

/** What trials of an unchanged server tend to, in nanoseconds. */
const level = 2e6;

/** How much of a trial's deviation is common to its metrics: a correlation of 0.6. */
const common = Math.sqrt(0.6);

/** One trial after another: the logarithm of how far each metric is from what it tends to. */
export type Trials = () => readonly number[];

/** Trials in the order in which they are played. */
export function trialsOf({ noise, shape }: World, generator: RandomGenerator): Trials {
  const deviation = (): (() => number) => {
    let last = unit(shape, generator);
    return () => {
      const kept = shape.persistence;
      last = kept * last + Math.sqrt(1 - kept ** 2) * unit(shape, generator);
      return last;
    };
  };
  const shared = deviation();
  const own = metrics.map(deviation);
  return () => {
    const stall = uniformFloat64(generator) < shape.stalls ? Math.LN2 : 0;
    const together = common * shared();
    const apart = Math.sqrt(1 - common ** 2);
    return own.map((next) => stall + noise * (together + apart * next()));
  };
}

/** Adds pairs to those of each metric; within each it is drawn which side comes first. */
export function withPairs(
  played: readonly PairedMetric[],
  count: number,
  world: World,
  trials: Trials,
  generator: RandomGenerator,
): PairedMetric[] {
  const pairs = Array.from({ length: count }, () => {
    const [first, second] = [trials(), trials()];
    return uniformInt(generator, 0, 1) === 0
      ? { baseline: first, candidate: second }
      : { baseline: second, candidate: first };
  });
  return played.map(({ differences, absolute, ...metric }, index) => {
    const change = index === 0 ? world.change : 0;
    const sides = pairs.map(({ baseline, candidate }) => ({
      baseline: baseline[index] ?? Number.NaN,
      candidate: (candidate[index] ?? Number.NaN) + Math.log1p(change),
    }));
    const ratios = sides.map(({ baseline, candidate }) => candidate - baseline);
    const worse = sides.map(
      ({ baseline, candidate }) => level * (Math.exp(candidate) - Math.exp(baseline)),
    );
    return {
      ...metric,
      differences: [...differences, ...ratios],
      absolute: [...absolute, ...worse],
    };
  });
}

/** The metrics before anything was played. */
export function unplayed(): PairedMetric[] {
  return metrics.map((metric) => Object.assign({ differences: [], absolute: [] }, metric));
}

/** Of mean 0 and variance 1; Student's distribution with 3 degrees of freedom has a variance of 3. */
function unit({ tails }: Shape, generator: RandomGenerator): number {
  if (tails === "normal") return normal(generator);
  const squares = [0, 0, 0].reduce((total) => total + normal(generator) ** 2, 0);
  return normal(generator) / Math.sqrt(squares / 3) / Math.sqrt(3);
}
