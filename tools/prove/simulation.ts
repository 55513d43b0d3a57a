import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { medianOf } from "../../bench/statistics/basics.ts";
import { placeSeed } from "../../bench/statistics/estimate.ts";
import { defaultLimits } from "../../bench/verdict/stopping-rule.ts";
import { naiveRules } from "./naive-rules.ts";
import { shareOf } from "./share.ts";
import type { Share } from "./share.ts";
import { fixedCheck, sequentialCheck } from "./simulated-check.ts";
import type { CheckOutcome } from "./simulated-check.ts";
import { shapes } from "./world.ts";
import type { Shape, World } from "./world.ts";

/*
 * Simulated checks, seeded: the outcome depends only on the seed and their number.
 */

export const noises = [0.02, 0.05, 0.1, 0.2] as const;
export const changes = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5] as const;
const fixedPairs = [7, 10, 15, 20] as const;

export interface SimulationSettings {
  /** Checks at each point where nothing has changed; a quarter of that where something has. */
  readonly checks: number;
  readonly seed: number;
}

/** How the checks of one world ended. */
export interface Tally {
  readonly world: World;
  /** Any metric regressed: a false alarm where nothing has changed. */
  readonly regressed: Share;
  /** p50 itself was named. */
  readonly named: Share;
  readonly inconclusive: Share;
  readonly improved: Share;
  readonly pass: Share;
  readonly meanPairs: number;
  /** What p50 was said to be detectable by, in half of the checks at most; null where never. */
  readonly detectable: number | null;
}

/** The naive rules, and as the last the rule itself. */
export interface RuleRow {
  readonly rule: string;
  /** By `noises`. */
  readonly falseAlarms: readonly Share[];
  readonly found: Share;
}

export interface Simulation {
  readonly settings: SimulationSettings;
  /** Nothing has changed: each shape with each noise. */
  readonly unchanged: readonly Tally[];
  /** Two shapes, each noise, each change. */
  readonly changed: readonly Tally[];
  readonly byPairs: readonly {
    readonly pairs: number;
    readonly unchanged: Tally;
    readonly changed: Tally;
  }[];
  /** A change of just what was said to be detectable, wherever that is stated. */
  readonly atDetectable: readonly Tally[];
  readonly rules: readonly RuleRow[];
}

/** Changes are simulated in the calmest and in the roughest. */
const alsoChanged: readonly Shape[] = [shapes.calm, shapes.rough];

/** The world of the aims: +20 % has to be found where the noise is 5 %. */
const aim = { noise: 0.05, shape: shapes.calm, change: 0.2 };

export function simulate(settings: SimulationSettings): Simulation {
  const unchanged = worlds(Object.values(shapes), [0]).map((world) =>
    sequential(world, settings.checks, settings),
  );
  const fewer = Math.ceil(settings.checks / 4);
  const changed = worlds(alsoChanged, changes).map((world) => sequential(world, fewer, settings));
  const byPairs = fixedPairs.map((pairs) => ({
    pairs,
    unchanged: fixed({ ...aim, change: 0 }, pairs, settings),
    changed: fixed(aim, pairs, settings),
  }));
  const atDetectable = unchanged.flatMap(({ world, detectable }) =>
    alsoChanged.includes(world.shape) && detectable !== null
      ? [sequential({ ...world, change: detectable }, fewer, settings)]
      : [],
  );
  const rules = rulesOf(settings, unchanged, changed);
  return { settings, unchanged, changed, byPairs, atDetectable, rules };
}

function worlds(kinds: readonly Shape[], changes: readonly number[]): World[] {
  return kinds.flatMap((shape) =>
    noises.flatMap((noise) => changes.map((change) => ({ noise, shape, change }))),
  );
}

function sequential(world: World, checks: number, { seed }: SimulationSettings): Tally {
  const generator = generatorFor(seed, "sequential", world);
  return tallyOf(
    world,
    Array.from({ length: checks }, () => sequentialCheck(world, defaultLimits, generator)),
  );
}

function fixed(world: World, pairs: number, { checks, seed }: SimulationSettings): Tally {
  const generator = generatorFor(seed, `fixed ${pairs}`, world);
  return tallyOf(
    world,
    Array.from({ length: checks }, () => fixedCheck(world, pairs, defaultLimits, generator)),
  );
}

function rulesOf(
  settings: SimulationSettings,
  unchanged: readonly Tally[],
  changed: readonly Tally[],
): RuleRow[] {
  const found = { ...aim, shape: shapes.rough };
  const isRough = ({ world }: Tally): boolean => world.shape === shapes.rough;
  const ours = changed.find(
    (tally) =>
      isRough(tally) && tally.world.noise === found.noise && tally.world.change === found.change,
  );
  const naive = naiveRules.map(({ name, alarms }): RuleRow => {
    const shareIn = (world: World): Share => {
      const generator = generatorFor(settings.seed, name, world);
      const alarmed = Array.from({ length: settings.checks }, () => alarms(world, generator));
      return shareOf(alarmed, Boolean);
    };
    return {
      rule: name,
      falseAlarms: noises.map((noise) => shareIn({ noise, shape: shapes.rough, change: 0 })),
      found: shareIn(found),
    };
  });
  return [
    ...naive,
    {
      rule: "this rule, all three metrics",
      falseAlarms: unchanged.filter(isRough).map(({ regressed }) => regressed),
      found: ours?.named ?? { hits: 0, total: 0 },
    },
  ];
}

function tallyOf(world: World, outcomes: readonly CheckOutcome[]): Tally {
  const ended = (verdict: CheckOutcome["verdict"]): Share =>
    shareOf(outcomes, (outcome) => outcome.verdict === verdict);
  const ofP50 = outcomes.flatMap(({ judgements }) => judgements.slice(0, 1));
  const stated = ofP50.map(({ detectable }) => detectable ?? Number.POSITIVE_INFINITY);
  const detectable = medianOf(stated) ?? Number.POSITIVE_INFINITY;
  return {
    world,
    regressed: ended("regressed"),
    named: shareOf(ofP50, ({ verdict }) => verdict === "regressed"),
    inconclusive: ended("inconclusive"),
    improved: ended("improved"),
    pass: ended("pass"),
    meanPairs: outcomes.reduce((total, { pairs }) => total + pairs, 0) / outcomes.length,
    detectable: Number.isFinite(detectable) ? detectable : null,
  };
}

function generatorFor(
  seed: number,
  what: string,
  { noise, shape, change }: World,
): RandomGenerator {
  return xoroshiro128plus(placeSeed(seed, what, shape.name, `${noise}`, change.toFixed(4)));
}
