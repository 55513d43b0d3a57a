import type { Layer } from "../../transports/layers.ts";
import { clockBoundOf, medianClockBound } from "../results/clock-bound.ts";
import type { Figure, TrialOutcome, Results } from "../results/schema.ts";
import { figureMetrics } from "./figure-metrics.ts";
import { countsErrors } from "./metric.ts";
import type { Metric } from "./metric.ts";
import { compressedTolerance, deliveryMetrics, wireMetrics } from "./phase-metrics.ts";
import type { PhaseContext, PhaseMetric, ReadPhase } from "./phase-metrics.ts";

/** A metric of one cell, with its values in the valid trials: what comparisons and budgets judge. */
export interface CellMetric extends Metric {
  readonly variant: string;
  readonly scenario: string;
  /** Null for metrics of a trial as a whole. */
  readonly phase: string | null;
  readonly metric: string;
  /** Whether it may be compared with another run's; otherwise only budgets use it. */
  readonly comparable: boolean;
  /** The payload of each message. */
  readonly payloadBytes: number;
  /** Its upper bound in trials whose search ended before the value was exact; null where there were none. */
  readonly most: number | null;
  /** By how much the median of its values may be off by the clocks of several machines; null where one clock tells it. */
  readonly clockBound: number | null;
  readonly values: readonly TrialValue[];
  /**
   * Values in invalid trials, for metrics that count errors: whether the server caused the error isn't known then,
   * so such a value neither passes nor fails.
   */
  readonly doubtful: readonly TrialValue[];
}

export interface TrialValue {
  readonly repetition: number;
  readonly value: number;
}

/** The part of a trial that metrics are read from. */
export interface ReadTrial {
  readonly phases: readonly ReadPhase[];
  readonly figures: readonly Pick<
    Figure,
    "key" | "unit" | "value" | "better" | "bound" | "most" | "phase" | "clockBoundNs"
  >[];
}

/** Layers that compress messages, or the fields of heads. */
const compressing: readonly Layer[] = ["h2", "h2c", "deflate", "gzip", "br"];

/** The context that all phases of a cell share. */
type About = Omit<PhaseContext, "phase">;

/** The value of one metric in one trial. */
export interface Reading {
  readonly metric: Metric;
  readonly phase: string | null;
  readonly comparable: boolean;
  readonly most: number | null;
  readonly value: number;
  readonly clockBound: number | null;
}

/** Every metric that comparisons or budgets can judge. */
export function cellMetricsOf(results: Results): CellMetric[] {
  return results.cells.flatMap(({ variant, scenario, workload }) => {
    const recorded = results.variants.find(({ name }) => name === variant);
    if (recorded === undefined) return [];
    const { delivery, pollIntervalMs, options } = recorded;
    const { payloadBytes } = workload;
    const isRepeatable = !compressing.some((layer) => options[layer] !== undefined);
    const about = { delivery, pollIntervalMs, payloadBytes, isRepeatable };
    const having = (status: TrialOutcome["status"]): RepeatedReading[] =>
      results.trials
        .filter((trial) => trial.variant === variant && trial.scenario === scenario)
        .filter(({ outcome }) => outcome.status === status)
        .flatMap((trial) =>
          readingsOf(trial, about).map((reading) =>
            Object.assign(reading, { repetition: trial.repetition }),
          ),
        );
    const [readings, doubtful] = [
      having("valid"),
      having("invalid").filter(({ metric }) => countsErrors(metric)),
    ];
    const places = new Map(readings.map((reading) => [placeOf(reading), reading]));
    return [...places].map(([place, { metric, phase }]) => {
      const at = (reading: Reading): boolean => placeOf(reading) === place;
      const there = { counting: readings.filter(at), doubtful: doubtful.filter(at) };
      return cellMetricOf(metric, { variant, scenario, phase, payloadBytes }, there);
    });
  });
}

type RepeatedReading = Reading & { readonly repetition: number };

function cellMetricOf(
  metric: Metric,
  place: Pick<CellMetric, "variant" | "scenario" | "phase" | "payloadBytes">,
  readings: Readonly<Record<"counting" | "doubtful", readonly RepeatedReading[]>>,
): CellMetric {
  const { counting } = readings;
  const open = counting.flatMap(({ most }) => most ?? []);
  return {
    ...metric,
    ...place,
    metric: metric.name,
    comparable: counting.every(({ comparable }) => comparable),
    most: open.length === 0 ? null : Math.max(...open),
    clockBound: medianClockBound(counting),
    values: counting.map(valueOf),
    doubtful: readings.doubtful.map(valueOf),
  };
}

function valueOf({ repetition, value }: RepeatedReading): TrialValue {
  return { repetition, value };
}

/**
 * All names of a metric: alone, and with variant, scenario and phase in front. The first name is the full one.
 */
export function namesOf({
  variant,
  scenario,
  phase,
  metric,
}: Pick<CellMetric, "variant" | "scenario" | "phase" | "metric">): string[] {
  const phases = phase === null ? [[]] : [[phase], []];
  return [[variant], []].flatMap((ofVariant) =>
    [[scenario], []].flatMap((ofScenario) =>
      phases.map((ofPhase) => [...ofVariant, ...ofScenario, ...ofPhase, metric].join(".")),
    ),
  );
}

/** Its unique name among all results, such as `sse.overhead.20 msg/s.bytesPerMessage`. */
export function fullName(metric: Parameters<typeof namesOf>[0]): string {
  return namesOf(metric)[0] ?? metric.metric;
}

function placeOf({ phase, metric }: Reading): string {
  return JSON.stringify([phase, metric.name]);
}

/** All metrics that a single trial has. */
export function readingsOf(trial: ReadTrial, about: About): Reading[] {
  return [...phaseReadings(trial, about), ...figureReadings(trial, about)];
}

/**
 * Metrics that are read from phases. Where a scenario searches for a limit, its phases and their losses depend on
 * what it finds, which `held` states already; only the cost of setting up, the same in all of them, is read.
 */
function phaseReadings(trial: ReadTrial, about: About): Reading[] {
  // Losses are what attempts are for.
  const measured = trial.phases.filter((phase) => phase.measured && phase.isAttempt !== true);
  if (!trial.figures.some(({ key }) => key === "held")) {
    return measured.flatMap((phase) => readingsOfPhase(phase, about));
  }
  const [first] = measured.flatMap((phase) =>
    readingsOfPhase(phase, about).filter(({ metric }) => metric.name === "setUpBytes"),
  );
  return first === undefined ? [] : [{ ...first, phase: null }];
}

function readingsOfPhase(phase: ReadPhase, about: About): Reading[] {
  const { wire, payloadBytes = about.payloadBytes } = phase;
  const readingsBy = <P extends ReadPhase>(
    place: PhaseContext<P>,
    metrics: readonly PhaseMetric<P>[],
  ): Reading[] =>
    metrics.flatMap((metric) => {
      const value = metric.read(place);
      if (value === null) return [];
      const comparable = metric.isSteady?.(place) ?? true;
      const isLoose = metric.unit === "bytes" && !about.isRepeatable;
      const judged = isLoose ? { ...metric, tolerance: compressedTolerance } : metric;
      return { metric: judged, phase: phase.name, comparable, most: null, value, clockBound: null };
    });
  const deliveries = readingsBy({ ...about, payloadBytes, phase }, deliveryMetrics);
  if (wire === null) return deliveries;
  return [
    ...deliveries,
    ...readingsBy({ ...about, payloadBytes, phase: { ...phase, wire } }, wireMetrics),
  ];
}

/** Metrics that are read from figures: known ones under the metric's name, others under their keys, for budgets. */
function figureReadings({ figures }: ReadTrial, about: About): Reading[] {
  return figures.flatMap((figure) => {
    const { key, unit, value, better, phase = null } = figure;
    if (typeof value !== "number" || unit === "text") return [];
    const clockBound = clockBoundOf(figure);
    const most = figure.bound === "at least" ? Number.POSITIVE_INFINITY : (figure.most ?? null);
    const known = figureMetrics.find(({ name, key: ownKey = name }) => ownKey === key);
    if (known !== undefined) {
      const ofPhase = known.ofTrial === true ? null : phase;
      const isKnown = known.needsLimit !== true || figure.bound !== "at least";
      const comparable = isKnown && (known.isSteady?.(about) ?? true);
      return { metric: known, phase: ofPhase, comparable, most, value, clockBound };
    }
    // Phases have a metric of the same name.
    if (deliveryMetrics.some(({ name }) => name === key)) return [];
    const metric: Metric = {
      name: key,
      tier: unit === "ns" || unit === "ms" || unit === "per second" ? 1 : 0,
      unit,
      better: better === "higher" ? "higher" : "lower",
      gates: false,
      judgedBy: "median",
      tolerance: { absolute: 0, relative: 0 },
    };
    return { metric, phase, comparable: false, most, value, clockBound };
  });
}
