import type { Config } from "../settings/config.ts";
import { planRepeats, playedOf } from "./repeats.ts";
import type { Goal } from "./goals.ts";
import type { Batch } from "./plan.ts";
import type { Precision, PrecisionStatus } from "../results/recorded-config.ts";
import type { Trial } from "../results/schema.ts";
import { estimate, placeSeed } from "../statistics/estimate.ts";

/** With fewer values no interval of a median reaches 95 %: see `estimate`. */
const minTrials = 6;

/** How near a cell is to its goal, by its valid trials and the interval that reports show. */
export function precisionStatusOf(
  { scenario, variant, key }: Goal,
  targetPercent: number,
  trials: readonly Trial[],
  seed: number,
): PrecisionStatus {
  const played = playedOf({ name: scenario }, { name: variant }, trials);
  const valid = played.filter(({ outcome }) => outcome.status === "valid");
  const figures = valid.flatMap((trial) => trial.figures.filter((figure) => figure.key === key));
  const values = figures.map(({ value }) => value).filter((value) => typeof value === "number");
  const common = { scenario, variant, key, trials: valid.length, halfWidthPercent: null };
  const hopeless = (why: string): PrecisionStatus => ({ ...common, state: "hopeless", why });
  if (failsAlways(played)) return hopeless("failed twice in succession");
  if (figures.some(({ bound }) => bound === "at least")) {
    return hopeless("only known to be at least that much");
  }
  if (figures.some(({ bound }) => bound === "range")) return hopeless("only known as a range");
  if (values.length < valid.length) return hopeless("not a number in every trial");
  const estimated = estimate(values, placeSeed(seed, scenario, variant, key));
  const interval = estimated?.interval ?? null;
  const median = estimated?.median ?? 0;
  if (interval === null) {
    return {
      ...common,
      state: "wide",
      why: valid.length === 0 ? "no valid trial" : "a single valid trial",
    };
  }
  const width = interval.high - interval.low;
  if (median === 0 && width > 0) return { ...common, state: "wide", why: "the median is 0" };
  const halfWidthPercent = width === 0 ? 0 : (100 * width) / 2 / Math.abs(median);
  const precise = valid.length >= minTrials && halfWidthPercent <= targetPercent;
  return { ...common, halfWidthPercent, state: precise ? "precise" : "wide", why: null };
}

/** The next trials of all cells that are not precise yet; none when all are, or can't become so. */
export function repeatsForPrecision(
  config: Config,
  goals: readonly Goal[],
  trials: readonly Trial[],
): Batch[] {
  const { precision } = config;
  if (precision === null) return [];
  const wide = goals
    .map((goal) => precisionStatusOf(goal, precision.targetPercent, trials, config.seed))
    .filter(({ state }) => state === "wide");
  return config.scenarios.flatMap((scenario) => {
    const needs = config.variants.flatMap((variant) => {
      const status = wide.find(
        (cell) => cell.scenario === scenario.name && cell.variant === variant.name,
      );
      if (status === undefined) return [];
      return [{ variant, more: Math.max(1, minTrials - status.trials) }];
    });
    return planRepeats(scenario, config, needs, trials);
  });
}

/** The record of precision in results, at the beginning and at the end of a run. */
export function precisionOf(
  asked: NonNullable<Config["precision"]>,
  seed: number,
  goals: readonly Goal[],
  trials: readonly Trial[],
  status: "running" | "complete" | "interrupted",
): Precision {
  if (status === "running") return { ...asked, ended: null, cells: [] };
  const cells = goals.map((goal) => precisionStatusOf(goal, asked.targetPercent, trials, seed));
  return { ...asked, ended: status === "interrupted" ? status : endOf(cells), cells };
}

/** A run that ended by itself with something left to do was ended by its time limit. */
function endOf(cells: readonly PrecisionStatus[]): Precision["ended"] {
  const states = new Set(cells.map(({ state }) => state));
  if (states.has("wide")) return "time limit";
  return states.has("hopeless") ? "can't be reached" : "reached";
}

function failsAlways(played: readonly Trial[]): boolean {
  const last = played.slice(-2);
  return last.length === 2 && last.every(({ outcome }) => outcome.status === "failed");
}
