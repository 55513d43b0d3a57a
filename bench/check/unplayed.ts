import type { Config } from "../settings/config.ts";
import { cellsOf, isRun, scenariosOf, serverOf } from "./against-baseline.ts";
import type { Baseline } from "./baseline.ts";

/** What a baseline knows of cells that aren't played: it stays when a part of it is made anew. */
export function unplayedOf(baseline: Baseline, config: Config): Baseline["counted"] {
  const counted: Baseline["counted"] = {};
  for (const cell of cellsOf(baseline).filter((one) => !isRun(one, config))) {
    const phases = baseline.counted[cell.variant]?.[cell.scenario];
    if (phases !== undefined) (counted[cell.variant] ??= {})[cell.scenario] = phases;
  }
  return counted;
}

/**
 * Why a part can't be made anew while the rest stays: a baseline says once for all of its lines how they were
 * measured. Null where nothing is in the way.
 */
export function clashWith(baseline: Baseline, config: Config, node: number): string | null {
  const kept = cellsOf({ counted: unplayedOf(baseline, config) });
  const [first] = kept;
  if (first === undefined) return null;
  if (baseline.server !== serverOf(config)) {
    return `${nameOf(first)} was measured on a ${baseline.server} server`;
  }
  if (baseline.node !== node) return `${nameOf(first)} was measured on Node ${baseline.node}`;
  for (const [scenario, workload] of Object.entries(scenariosOf(config))) {
    const cell = kept.find((one) => one.scenario === scenario);
    const was = Object.entries(baseline.scenarios[scenario] ?? {});
    const now = new Map<string, number>(Object.entries(workload));
    const [field, value] = was.find(([key, then]) => now.get(key) !== then) ?? [];
    if (cell !== undefined && field !== undefined) {
      return `${nameOf(cell)} was measured with ${field} ${value}, which is now ${now.get(field)}`;
    }
  }
  return null;
}

function nameOf({ variant, scenario }: ReturnType<typeof cellsOf>[number]): string {
  return `${variant}.${scenario}`;
}

/** Both parts as one; no cell is in both. */
export function together(
  kept: Baseline["counted"],
  counted: Baseline["counted"],
): Baseline["counted"] {
  const variants = new Set([...Object.keys(kept), ...Object.keys(counted)]);
  return Object.fromEntries(
    [...variants].map((variant) => [variant, { ...kept[variant], ...counted[variant] }]),
  );
}
