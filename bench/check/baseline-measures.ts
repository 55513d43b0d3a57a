import { BenchError } from "../errors/errors.ts";
import { medianOf } from "../statistics/basics.ts";
import { decisive } from "../verdict/change.ts";
import { judgeCounted, toleratedOf } from "../verdict/counted.ts";
import { fullName } from "../verdict/measures.ts";
import type { Measure } from "../verdict/measures.ts";
import { figureMetrics } from "../verdict/figure-metrics.ts";
import type { Metric, Tolerance } from "../verdict/metric.ts";
import { deliveryMetrics, wireMetrics } from "../verdict/phase-metrics.ts";
import { wholeTrial } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";

/** What a baseline holds, as if it had been measured in a single trial. */
export function measuresIn({ counted, scenarios: workloads }: Baseline, path: string): Measure[] {
  return Object.entries(counted).flatMap(([variant, scenarios]) =>
    Object.entries(scenarios).flatMap(([scenario, phases]) =>
      Object.entries(phases).flatMap(([phase, metrics]) =>
        Object.entries(metrics).map(([metric, value]) =>
          measureFrom(
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

function measureFrom(
  metric: Metric,
  place: Pick<Measure, "variant" | "scenario" | "phase" | "payloadBytes">,
  value: number,
): Measure {
  return {
    ...metric,
    ...place,
    metric: metric.name,
    comparable: true,
    most: null,
    values: [{ repetition: 1, value }],
    doubtful: [],
  };
}

function knownMetric(name: string, path: string): Metric {
  const known = [...deliveryMetrics, ...wireMetrics, ...figureMetrics].find(
    (metric) => metric.name === name,
  );
  if (known?.tier === 0) return known;
  throw new BenchError("results", `${path}: "${name}" is not a counted metric`);
}

/** What is to be kept of a run, and what isn't fit for it. */
export interface BaselineChanges {
  readonly counted: Baseline["counted"];
  /** One sentence for each change from what was kept before. */
  readonly changes: readonly string[];
  readonly leftOut: readonly string[];
}

/**
 * What a baseline keeps of these measures. What is still within what is tolerated keeps its line: so a diff
 * shows what has changed, and many small steps don't add up to a large one.
 */
export function keptOf(
  measures: readonly Measure[],
  before: readonly Measure[],
  tolerance: (measure: Measure) => Tolerance,
): BaselineChanges {
  const old = new Map(before.map((measure) => [fullName(measure), measure]));
  const counted: Baseline["counted"] = {};
  const changes: string[] = [];
  const leftOut: string[] = [];
  for (const measure of measures.filter(isKept)) {
    const name = fullName(measure);
    const margin = tolerance(measure);
    const value = rounded(decisive(measure), margin);
    if (!isSteady(measure, margin)) {
      leftOut.push(`${name} varies between trials by more than its tolerance, so it is left out`);
      continue;
    }
    const known = old.get(name);
    const was = known && decisive(known);
    const stays = known !== undefined && judgeCounted(known, measure, margin).verdict === "pass";
    if (was === undefined) changes.push(`${name}: ${value}, new`);
    else if (!stays) changes.push(`${name}: ${was} became ${value}`);
    old.delete(name);
    const { variant, scenario, phase, metric } = measure;
    const phases = ((counted[variant] ??= {})[scenario] ??= {});
    (phases[phase ?? wholeTrial] ??= {})[metric] = stays && was !== undefined ? was : value;
  }
  for (const [name, gone] of old) changes.push(`${name}: ${decisive(gone)}, gone`);
  return { counted, changes, leftOut };
}

function isKept({ tier, comparable }: Measure): boolean {
  return tier === 0 && comparable;
}

/** Where the median speaks for a cell, it has to speak for each trial. */
function isSteady(measure: Measure, margin: Tolerance): boolean {
  if (measure.judgedBy !== "median") return true;
  const numbers = measure.values.map(({ value }) => value);
  const spread = Math.max(...numbers) - Math.min(...numbers);
  return spread <= 2 * toleratedOf(margin, medianOf(numbers) ?? 0);
}

/** To a hundredth of what is tolerated, give or take: further digits are noise. */
function rounded(value: number, { absolute }: Tolerance): number {
  if (absolute === 0) return Number(value.toFixed(2));
  const step = 10 ** Math.floor(Math.log10(absolute / 10));
  return Number((Math.round(value / step) * step).toPrecision(12));
}
