import { BenchError } from "../errors/errors.ts";
import { medianOf } from "../statistics/basics.ts";
import { decisive } from "../verdict/change.ts";
import { judgeCounted, toleratedOf } from "../verdict/judge-counted.ts";
import { fullName } from "../verdict/cell-metrics.ts";
import type { CellMetric } from "../verdict/cell-metrics.ts";
import { figureMetrics } from "../verdict/figure-metrics.ts";
import type { Metric, Tolerance } from "../verdict/metric.ts";
import { deliveryMetrics, wireMetrics } from "../verdict/phase-metrics.ts";
import { wholeTrial } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";

/** The metrics of a baseline, as if they had been measured in a single trial. */
export function metricsInBaseline(
  { counted, scenarios: workloads }: Baseline,
  path: string,
): CellMetric[] {
  return Object.entries(counted).flatMap(([variant, scenarios]) =>
    Object.entries(scenarios).flatMap(([scenario, phases]) =>
      Object.entries(phases).flatMap(([phase, metrics]) =>
        Object.entries(metrics).map(([metric, value]) =>
          metricFrom(
            knownMetric(metric, path),
            {
              variant,
              scenario,
              phase: phase === wholeTrial ? null : phase,
              payloadBytes: workloads[scenario]?.payloadBytes ?? 0,
            },
            value,
          ),
        ),
      ),
    ),
  );
}

function metricFrom(
  metric: Metric,
  place: Pick<CellMetric, "variant" | "scenario" | "phase" | "payloadBytes">,
  value: number,
): CellMetric {
  return {
    ...metric,
    ...place,
    metric: metric.name,
    comparable: true,
    most: null,
    values: [{ repetition: 1, value }],
    doubtful: [],
    clockBound: null,
  };
}

function knownMetric(name: string, path: string): Metric {
  const known = [...deliveryMetrics, ...wireMetrics, ...figureMetrics].find(
    (metric) => metric.name === name,
  );
  if (known?.tier === 0) return known;
  throw new BenchError("results", `${path}: "${name}" is not a counted metric`);
}

/** The values of a run that a baseline keeps, and those that are unfit for it. */
export interface BaselineChanges {
  readonly counted: Baseline["counted"];
  /** One sentence for each change from what was kept before. */
  readonly changes: readonly string[];
  readonly leftOut: readonly string[];
}

/**
 * The values of these metrics for a baseline. A value within the tolerance of the previous baseline keeps its old
 * line, so a diff shows only real changes, and many small steps can't add up to a large one.
 */
export function keptOf(
  metrics: readonly CellMetric[],
  before: readonly CellMetric[],
  tolerance: (metric: CellMetric) => Tolerance,
): BaselineChanges {
  const old = new Map(before.map((metric) => [fullName(metric), metric]));
  const counted: Baseline["counted"] = {};
  const changes: string[] = [];
  const leftOut: string[] = [];
  for (const metric of metrics.filter(isKept)) {
    const name = fullName(metric);
    const margin = tolerance(metric);
    const value = rounded(decisive(metric), margin);
    if (!isSteady(metric, margin)) {
      leftOut.push(`${name} varies between trials by more than its tolerance, so it is left out`);
      continue;
    }
    const known = old.get(name);
    const was = known && decisive(known);
    const stays = known !== undefined && judgeCounted(known, metric, margin).verdict === "pass";
    if (was === undefined) changes.push(`${name}: ${value}, new`);
    else if (!stays) changes.push(`${name}: ${was} became ${value}`);
    old.delete(name);
    const { variant, scenario, phase } = metric;
    const phases = ((counted[variant] ??= {})[scenario] ??= {});
    (phases[phase ?? wholeTrial] ??= {})[metric.metric] = stays && was !== undefined ? was : value;
  }
  for (const [name, gone] of old) changes.push(`${name}: ${decisive(gone)}, gone`);
  return { counted, changes, leftOut };
}

function isKept({ tier, comparable }: CellMetric): boolean {
  return tier === 0 && comparable;
}

/** Where the median speaks for a cell, it has to speak for each trial. */
function isSteady(metric: CellMetric, margin: Tolerance): boolean {
  if (metric.judgedBy !== "median") return true;
  const numbers = metric.values.map(({ value }) => value);
  const spread = Math.max(...numbers) - Math.min(...numbers);
  return spread <= 2 * toleratedOf(margin, medianOf(numbers) ?? 0);
}

/** The value rounded to about a hundredth of the tolerance: further digits are noise. */
function rounded(value: number, { absolute }: Tolerance): number {
  if (absolute === 0) return Number(value.toFixed(2));
  const step = 10 ** Math.floor(Math.log10(absolute / 10));
  return Number((Math.round(value / step) * step).toPrecision(12));
}
