import { histogramOf } from "../bench/measure/histogram.ts";
import type { Figure, Phase, Timeline, Trial } from "../bench/results/schema.ts";
import { figureOf, phaseOf, trialOf } from "./results-fixture.ts";

/** Deliveries of one trial, for tests of what draws them. */
export interface Delivered {
  /** One for each delivery. */
  readonly latenciesMs?: readonly number[];
  /** The worst delivery of each slice of 100 ms; null where there was none. */
  readonly worstMs?: readonly (number | null)[];
  readonly lost?: number | null;
  /** By key, in milliseconds; null where there were too few. */
  readonly figures?: Readonly<Record<string, number | null>>;
}

/** A trial with a warm-up, and a measured phase in which its figures were measured. */
export function deliveredTrial(
  variant: string,
  { latenciesMs = [], worstMs = [], lost = 0, figures = { "delivery.p50": 1 } }: Delivered,
  overrides: Partial<Trial> = {},
): Trial {
  const usual = phaseOf();
  const delivery = histogramOf(latenciesMs.map((ms) => ms * 1e6));
  const steady: Phase = {
    ...usual,
    deliveries: { ...usual.deliveries, expected: delivery.count + (lost ?? 0), lost },
    latency: { ...usual.latency, delivery },
    timeline: timelineOf(worstMs),
  };
  const stated = Object.entries(figures).map(([key, ms]): Figure =>
    key.startsWith("cpu.")
      ? figureOf(key, ms, { unit: "ms", phase: "steady", table: "CPU" })
      : figureOf(key, ms === null ? null : ms * 1e6, {
          unit: "ns",
          phase: "steady",
          ...(ms === null && { note: "too few deliveries for this percentile" }),
        }),
  );
  return trialOf(variant, {
    phases: [{ ...usual, name: "warm-up", measured: false }, steady],
    figures: stated,
    ...overrides,
  });
}

/** Two deliveries in each slice that has any: half as late on average as the worst is. */
function timelineOf(worstMs: readonly (number | null)[], sliceMs = 100): Timeline {
  return {
    sliceMs,
    slices: worstMs.map((ms) => ({
      count: ms === null ? 0 : 2,
      meanNs: ms === null ? null : (ms / 2) * 1e6,
      maxNs: ms === null ? null : ms * 1e6,
    })),
  };
}

/** A trial for each value of one figure, in milliseconds. */
export function trialsWith(variant: string, key: string, values: readonly number[]): Trial[] {
  return values.map((value, index) =>
    deliveredTrial(variant, { figures: { [key]: value } }, { repetition: index + 1 }),
  );
}

/** Every trial invalid. */
export function invalidated(trials: readonly Trial[]): Trial[] {
  return trials.map((trial): Trial => {
    const warning = { code: "steal", phase: "steady", detail: "busy" } as const;
    return Object.assign({}, trial, { outcome: { status: "invalid" }, warnings: [warning] });
  });
}
