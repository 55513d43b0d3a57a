import type { Config } from "../settings/config.ts";
import { workloadOf } from "../plan/plan.ts";
import type { Baseline } from "./baseline.ts";

/** The part of a run that a baseline is made for. */
export function scenariosOf(config: Config): Baseline["scenarios"] {
  return Object.fromEntries(
    config.scenarios.map((scenario) => [scenario.name, workloadOf(scenario, config)]),
  );
}

/**
 * Why a baseline can't be held against what is about to be run; null when it can. With `isPart`, cells that
 * are not run this time are nobody's concern.
 */
export function staleness(
  baseline: Baseline,
  config: Config,
  path: string,
  isPart: boolean,
): string | null {
  const stale = (why: string): string =>
    `${path} ${why}; run the same command with --update to recreate it`;
  const server = serverOf(config);
  if (baseline.server !== server) {
    return stale(
      `was made with a ${baseline.server} server, but this run measures a ${server} one`,
    );
  }
  for (const [scenario, workload] of Object.entries(scenariosOf(config))) {
    const then = baseline.scenarios[scenario];
    if (then === undefined) return stale(`has no scenario ${scenario}`);
    const changed = Object.entries(workload).find(
      ([field, value]) => Object.entries(then).find(([other]) => other === field)?.[1] !== value,
    );
    if (changed !== undefined) {
      return stale(
        `was made with another ${changed[0]} for ${scenario}, which is now ${changed[1]}`,
      );
    }
    const unknown = config.variants.find(
      ({ name }) => baseline.counted[name]?.[scenario] === undefined,
    );
    if (unknown !== undefined) return stale(`has no ${unknown.name}.${scenario}`);
  }
  const gone = isPart ? undefined : cellsOf(baseline).find((cell) => !isRun(cell, config));
  return gone === undefined
    ? null
    : stale(`has ${gone.variant}.${gone.scenario}, which is no longer run`);
}

/** Whose server is measured. */
export function serverOf({ target }: Config): Baseline["server"] {
  return target === null ? "built-in" : "target";
}

/** The cells that a baseline knows. */
export function cellsOf({
  counted,
}: Pick<Baseline, "counted">): { variant: string; scenario: string }[] {
  return Object.entries(counted).flatMap(([variant, scenarios]) =>
    Object.keys(scenarios).map((scenario) => ({ variant, scenario })),
  );
}

/** Whether a cell is part of what is run. */
export function isRun(
  { variant, scenario }: { readonly variant: string; readonly scenario: string },
  { variants, scenarios }: Config,
): boolean {
  return (
    variants.some(({ name }) => name === variant) && scenarios.some(({ name }) => name === scenario)
  );
}
