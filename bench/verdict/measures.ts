import type { Figure, TrialOutcome, Results } from "../results/schema.ts";
import { figureMetrics } from "./figure-metrics.ts";
import { isHarm } from "./metric.ts";
import type { Metric } from "./metric.ts";
import { deliveryMetrics, wireMetrics } from "./phase-metrics.ts";
import type { PhaseContext, PhaseMetric, ReadPhase } from "./phase-metrics.ts";

/** A number that can be compared or limited, over the valid trials of its cell. */
export interface Measure extends Metric {
  readonly variant: string;
  readonly scenario: string;
  /** Null for what the trial as a whole has shown. */
  readonly phase: string | null;
  readonly metric: string;
  /** Whether another run's may be held against it; else it is for budgets. */
  readonly comparable: boolean;
  /** Of each message. */
  readonly payloadBytes: number;
  /** The most that it may be in a trial whose search ended before it was exact; null where none did. */
  readonly most: number | null;
  readonly values: readonly TrialValue[];
  /**
   * Of trials that don't count, where a single case is one too many: who caused it is unknown then,
   * so that it neither fails nor passes.
   */
  readonly doubtful: readonly TrialValue[];
}

export interface TrialValue {
  readonly repetition: number;
  readonly value: number;
}

/** What of a trial is read. */
export interface Shown {
  readonly phases: readonly ReadPhase[];
  readonly figures: readonly Pick<
    Figure,
    "key" | "unit" | "value" | "better" | "bound" | "most" | "phase"
  >[];
}

/** What is the same for all phases of a cell. */
type About = Omit<PhaseContext, "phase">;

/** One number of one trial. */
export interface Reading {
  readonly metric: Metric;
  readonly phase: string | null;
  readonly comparable: boolean;
  readonly most: number | null;
  readonly value: number;
}

/** Every number that can be compared or limited. */
export function measuresOf(results: Results): Measure[] {
  return results.cells.flatMap(({ variant, scenario, workload }) => {
    const recorded = results.variants.find(({ name }) => name === variant);
    if (recorded === undefined) return [];
    const { delivery, pollIntervalMs } = recorded;
    const about = { delivery, pollIntervalMs, payloadBytes: workload.payloadBytes };
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
      having("invalid").filter(({ metric }) => isHarm(metric)),
    ];
    const places = new Map(readings.map((reading) => [placeOf(reading), reading]));
    return [...places].map(([place, { metric, phase }]) => {
      const at = (reading: Reading): boolean => placeOf(reading) === place;
      const { payloadBytes } = workload;
      const there = { counting: readings.filter(at), doubtful: doubtful.filter(at) };
      return measureOf(metric, { variant, scenario, phase, payloadBytes }, there);
    });
  });
}

type RepeatedReading = Reading & { readonly repetition: number };

function measureOf(
  metric: Metric,
  place: Pick<Measure, "variant" | "scenario" | "phase" | "payloadBytes">,
  readings: Readonly<Record<"counting" | "doubtful", readonly RepeatedReading[]>>,
): Measure {
  const { counting } = readings;
  const open = counting.flatMap(({ most }) => most ?? []);
  return {
    ...metric,
    ...place,
    metric: metric.name,
    comparable: counting.every(({ comparable }) => comparable),
    most: open.length === 0 ? null : Math.max(...open),
    values: counting.map(valueOf),
    doubtful: readings.doubtful.map(valueOf),
  };
}

function valueOf({ repetition, value }: RepeatedReading): TrialValue {
  return { repetition, value };
}

/**
 * All the names that a measure goes by: its metric, with what may stand before it. The first is its full
 * one.
 */
export function namesOf({
  variant,
  scenario,
  phase,
  metric,
}: Pick<Measure, "variant" | "scenario" | "phase" | "metric">): string[] {
  const phases = phase === null ? [[]] : [[phase], []];
  return [[variant], []].flatMap((ofVariant) =>
    [[scenario], []].flatMap((ofScenario) =>
      phases.map((ofPhase) => [...ofVariant, ...ofScenario, ...ofPhase, metric].join(".")),
    ),
  );
}

/** `sse.overhead.20 msg/s.bytesPerMessage`: no other of its results has that name. */
export function fullName(measure: Parameters<typeof namesOf>[0]): string {
  return namesOf(measure)[0] ?? measure.metric;
}

function placeOf({ phase, metric }: Reading): string {
  return JSON.stringify([phase, metric.name]);
}

/** All that a single trial has shown. */
export function readingsOf(trial: Shown, about: About): Reading[] {
  return [...phaseReadings(trial, about), ...figureReadings(trial, about)];
}

/**
 * Of phases. Where a scenario searches for a limit, which phases there are and what is lost in them depends
 * on what it finds: `held` tells that, and what setting up cost is the same in all of them.
 */
function phaseReadings(trial: Shown, about: About): Reading[] {
  const measured = trial.phases.filter((phase) => phase.measured);
  if (!trial.figures.some(({ key }) => key === "held")) {
    return measured.flatMap((phase) => readingsOfPhase(phase, about));
  }
  const [first] = measured.flatMap((phase) =>
    readingsOfPhase(phase, about).filter(({ metric }) => metric.name === "setUpBytes"),
  );
  return first === undefined ? [] : [{ ...first, phase: null }];
}

function readingsOfPhase(phase: ReadPhase, about: About): Reading[] {
  const { wire } = phase;
  const readingsBy = <P extends ReadPhase>(
    place: PhaseContext<P>,
    metrics: readonly PhaseMetric<P>[],
  ): Reading[] =>
    metrics.flatMap((metric) => {
      const value = metric.read(place);
      if (value === null) return [];
      const comparable = metric.isSteady?.(place) ?? true;
      return { metric, phase: phase.name, comparable, most: null, value };
    });
  const deliveries = readingsBy({ ...about, phase }, deliveryMetrics);
  if (wire === null) return deliveries;
  return [...deliveries, ...readingsBy({ ...about, phase: { ...phase, wire } }, wireMetrics)];
}

/** Of figures: those that stand for a metric under its name, the others under their keys for budgets. */
function figureReadings({ figures }: Shown, about: About): Reading[] {
  return figures.flatMap((figure) => {
    const { key, unit, value, better, phase = null } = figure;
    if (typeof value !== "number" || unit === "text") return [];
    const most = figure.bound === "at least" ? Number.POSITIVE_INFINITY : (figure.most ?? null);
    const known = figureMetrics.find(({ name, key: ownKey = name }) => ownKey === key);
    if (known !== undefined) {
      const ofPhase = known.ofTrial === true ? null : phase;
      const comparable = known.isSteady?.(about) ?? true;
      return { metric: known, phase: ofPhase, comparable, most, value };
    }
    // The phases know it under the same name.
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
    return { metric, phase, comparable: false, most, value };
  });
}
