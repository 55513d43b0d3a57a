import type { Workload } from "../../scenarios/scenario.ts";
import type { Config } from "../settings/config.ts";
import { workloadOf } from "../plan/plan.ts";
import type { Baseline } from "./baseline.ts";

/** The scenarios of a run and their workloads, as a baseline keeps them. */
export function scenariosOf(config: Config): Baseline["scenarios"] {
  return Object.fromEntries(
    config.scenarios.map((scenario) => [scenario.name, workloadOf(scenario, config)]),
  );
}

/**
 * Why a baseline can't be compared with the run that is about to start; null when it can. With `isPart`, cells of
 * the baseline that aren't run this time are ignored.
 */
export function whyStale(
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
    const changed = changeOf(then, workload);
    if (changed !== null) {
      return stale(
        `was made with another ${changed.field} for ${scenario}, which is now ${changed.now}`,
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

/** Which server is measured: a built-in one or the user's. */
export function serverOf({ target }: Config): Baseline["server"] {
  return target === null ? "built-in" : "target";
}

/** The cells that a baseline knows. */
function cellsOf({ counted }: Pick<Baseline, "counted">): { variant: string; scenario: string }[] {
  return Object.entries(counted).flatMap(([variant, scenarios]) =>
    Object.keys(scenarios).map((scenario) => ({ variant, scenario })),
  );
}

/** Whether a cell is part of the run. */
export function isRun(
  { variant, scenario }: { readonly variant: string; readonly scenario: string },
  { variants, scenarios }: Config,
): boolean {
  return (
    variants.some(({ name }) => name === variant) && scenarios.some(({ name }) => name === scenario)
  );
}

/** A baseline's values for cells that aren't played, which stay when a part of the baseline is recreated. */
export function unplayedOf(baseline: Baseline, config: Config): Baseline["counted"] {
  const counted: Baseline["counted"] = {};
  for (const cell of cellsOf(baseline).filter((known) => !isRun(known, config))) {
    const phases = baseline.counted[cell.variant]?.[cell.scenario];
    if (phases !== undefined) (counted[cell.variant] ??= {})[cell.scenario] = phases;
  }
  return counted;
}

/**
 * Why a part of a baseline can't be recreated while the rest stays: server, Node and workloads are stated once for
 * the whole baseline. Null where it can.
 */
export function whyNotMergeable(baseline: Baseline, config: Config, node: number): string | null {
  const kept = cellsOf({ counted: unplayedOf(baseline, config) });
  const [first] = kept;
  if (first === undefined) return null;
  if (baseline.server !== serverOf(config)) {
    return `${nameOf(first)} was measured on a ${baseline.server} server`;
  }
  if (baseline.node !== node) return `${nameOf(first)} was measured on Node ${baseline.node}`;
  for (const [scenario, workload] of Object.entries(scenariosOf(config))) {
    const cell = kept.find((known) => known.scenario === scenario);
    const changed = changeOf(baseline.scenarios[scenario] ?? workload, workload);
    if (cell !== undefined && changed !== null) {
      const { field, was, now } = changed;
      return `${nameOf(cell)} was measured with ${field} ${was}, which is now ${now}`;
    }
  }
  return null;
}

/** The first field in which two workloads differ; null where none does. One that has its default isn't recorded. */
function changeOf(
  before: Workload,
  after: Workload,
): { readonly field: string; readonly was: string; readonly now: string } | null {
  const now = textsOf(after);
  const was = textsOf(before);
  const field = [...now.keys(), ...was.keys()].find((key) => now.get(key) !== was.get(key));
  const textOf = (values: ReadonlyMap<string, string>, key: string): string =>
    values.get(key) ?? "the default";
  return field === undefined ? null : { field, was: textOf(was, field), now: textOf(now, field) };
}

function textsOf(workload: Workload): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(workload).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, typeof value === "object" ? Object.values(value).join(" ") : String(value)]];
    }),
  );
}

function nameOf({ variant, scenario }: ReturnType<typeof cellsOf>[number]): string {
  return `${variant}.${scenario}`;
}

/** Merges two parts of a baseline that have no cell in common. */
export function mergeParts(
  kept: Baseline["counted"],
  counted: Baseline["counted"],
): Baseline["counted"] {
  const variants = new Set([...Object.keys(kept), ...Object.keys(counted)]);
  return Object.fromEntries(
    [...variants].map((variant) => [variant, { ...kept[variant], ...counted[variant] }]),
  );
}
