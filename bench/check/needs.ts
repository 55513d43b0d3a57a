import type { ComparedMetric } from "../results/comparison.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import { checkCarried } from "../settings/carried-corpus.ts";
import {
  checkServers,
  defaultTransports,
  maxSearchedConnections,
  resolveConfig,
} from "../settings/config.ts";
import type { Config, Settings } from "../settings/config.ts";
import { knownScenarios } from "../settings/known-scenarios.ts";
import type { Naming } from "../settings/naming.ts";
import { usageError } from "../errors/errors.ts";
import type { UserBroker } from "../settings/broker-settings.ts";
import type { ServerTarget } from "../settings/target.ts";
import { minTimedTrials } from "./budget-outcome.ts";
import { isMeant, limitFor, meantBy, parseBudget } from "./budgets.ts";
import type { Budget } from "./budgets.ts";
import { plannedMetrics } from "./planned.ts";
import type { CheckSettings } from "../settings/check-settings.ts";

/** Counting needs few and short trials, which keep a check quick. */
const defaults = {
  scenarios: ["integrity", "overhead", "connections"],
  duration: 1_500,
  warmup: 400,
  // Enough for memory to show above its noise, and few enough to be served in time also by a busy machine.
  maxConnections: 1_500,
  // The same polls at the same times, so that equal servers are counted equally.
  seed: 1,
} as const satisfies Settings;

/** Trials of counted metrics: two, to catch what a server does in every other start. */
const countedTrials = 2;
/** Trials of timed metrics: one more than an interval needs, since one may be invalid. */
const timedTrials = minTimedTrials + 1;

/** No check waits longer than this for a heartbeat, or for a poll that ends unanswered. */
const maxIdleMs = 2_000;

/** What a check has to run, and which metrics that will give. */
export interface Needs {
  readonly config: Config;
  readonly budgets: readonly Budget[];
  readonly planned: readonly ComparedMetric[];
  /** Budgets that limit nothing in the part that is run. */
  readonly unchecked: readonly Budget[];
}

export interface CheckScope {
  readonly target: ServerTarget | null;
  readonly broker: UserBroker | null;
  /** Whether only a part is to be run this time; then budgets add nothing to it. */
  readonly isPart: boolean;
}

/**
 * What has to be run for the baseline and for each budget. Throws a `BenchError` where a budget limits nothing that
 * can be measured, or can't be kept with the user's settings.
 */
export async function needsOf(
  { budgets: texts = [] }: CheckSettings,
  settings: Settings,
  naming: Naming,
  { target, broker, isPart }: CheckScope,
): Promise<Needs> {
  const wanted = {
    ...defaults,
    ...settings,
    transports: settings.transports ?? defaultTransports(false, target?.url),
  };
  const own = settings.scenarios ?? [...defaults.scenarios];
  const config = resolveConfig(
    { ...wanted, scenarios: own },
    naming,
    defaults.seed,
    target,
    broker,
  );
  checkServers(config, naming);
  await checkCarried(config.payload, naming);
  const allScenarios = knownScenarios();
  const possible = await plannedMetrics(config, isPart ? config.scenarios : allScenarios);
  const budgets = texts.map(parseBudget);
  const unchecked = budgets.filter(
    (budget) => isPart && !possible.some((metric) => isMeant(budget, metric)),
  );
  const budgetTargets = budgets
    .filter((budget) => !unchecked.includes(budget))
    .map((budget) => ({ budget, meant: meantBy(budget, possible) }));
  const chosen = new Set(config.scenarios.map(({ name }) => name));
  for (const { meant } of budgetTargets) {
    // A budget that names no scenario is judged on those that are run anyway.
    if (meant.some(({ scenario }) => chosen.has(scenario))) continue;
    for (const { scenario } of meant) chosen.add(scenario);
  }
  const timed = new Set(
    budgetTargets.flatMap(({ meant }) => meant.filter(({ tier }) => tier === 1).map(scenarioOf)),
  );
  const scenarios = allScenarios
    .filter(({ name }) => chosen.has(name))
    .map((scenario) => withTrials(scenario, timed.has(scenario.name)));
  if (scenarios.some(({ name }) => timed.has(name))) checkTrials(settings, naming);
  return {
    config: {
      ...config,
      scenarios,
      defaultTrials: timedTrials,
      maxConnections: connectionsFor(config, budgetTargets, settings, naming),
      maxIdleMs,
      precision: null,
    },
    budgets: budgetTargets.map(({ budget }) => budget),
    unchecked,
    planned: possible.filter(({ scenario }) => chosen.has(scenario)),
  };
}

/** A budget with all metrics that it limits. */
interface BudgetTarget {
  readonly budget: Budget;
  readonly meant: readonly ComparedMetric[];
}

function scenarioOf({ scenario }: ComparedMetric): string {
  return scenario;
}

function withTrials(scenario: Scenario, isTimed: boolean): Scenario {
  return { ...scenario, trials: isTimed ? timedTrials : countedTrials };
}

function checkTrials({ trials }: Settings, naming: Naming): void {
  if (trials === undefined || trials >= minTimedTrials) return;
  throw usageError(
    `${naming("trials")}: ${trials} are too few for a budget on timing; at least ${minTimedTrials} are needed`,
  );
}

/** How far the connection search has to go so that budgets on `held` can be judged. */
function connectionsFor(
  { maxConnections }: Config,
  budgetTargets: readonly BudgetTarget[],
  settings: Settings,
  naming: Naming,
): number {
  const wanted = budgetTargets.flatMap(({ budget, meant }) =>
    meant
      .filter(({ metric }) => metric === "held")
      .map((metric) => limitFor(budget, metric) + (budget.operator.endsWith("=") ? 0 : 1)),
  );
  const most = Math.max(0, ...wanted);
  if (most > maxSearchedConnections) {
    throw usageError(`check.budgets: at most ${maxSearchedConnections} clients can be held`);
  }
  if (settings.maxConnections === undefined) return Math.max(maxConnections, most);
  if (settings.maxConnections >= most) return maxConnections;
  throw usageError(
    `${naming("maxConnections")}: the search would end at ${settings.maxConnections}, below the budget of ${most}`,
  );
}
