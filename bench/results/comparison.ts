import * as z from "zod";
import { moment, name, number, prose } from "./texts.ts";

/*
 * comparison.json: what `bench compare`, `bench check` and `bench ab` have found, and all that their
 * reports are made of. Plain data, like results.json; nanoseconds and bytes by `unit`.
 */

export const comparisonFormat = "transport-bench comparison";
export const comparisonVersion = 2;

const count = z.int().min(0);
const text = z.string();

/** The verdict on a change; `shown` isn't judged: timing of another machine, or a metric that doesn't gate. */
export const verdicts = ["pass", "improved", "inconclusive", "regressed", "shown"] as const;

/**
 * Why no conclusion is possible: a comparison with one of these fails. With `machine` alone it is
 * inconclusive: nothing is known to be wrong with a server that wasn't measured.
 */
export const problemCodes = [
  "machine",
  "schema",
  "configuration",
  "missing-cell",
  "missing-metric",
  "no-valid-trials",
  "failed-trials",
  "not-a-number",
  "fault",
  "interrupted",
] as const;

const place = {
  variant: name,
  scenario: name,
  /** Null for what the trial as a whole has shown. */
  phase: name.nullable(),
  /** The name that config files and budgets use, such as `bytesPerMessage` or `p50`. */
  metric: name,
  unit: z.enum(["ns", "ms", "bytes", "count", "per second", "percent"]),
  better: z.enum(["lower", "higher"]),
};

/** Over the valid trials of one side. */
const side = z.strictObject({
  /**
   * The value that represents the side: the median for timed metrics; for counted ones the worst trial, the median or
   * the best.
   */
  level: number,
  /** Minimum and maximum for counted metrics, the interval of the median for timed ones. */
  low: number,
  high: number,
  trials: count,
  /** By how much `level` may be off by the clocks of several machines; left out where one clock tells it. */
  clockBound: number.optional(),
});

const change = z.strictObject({
  ...place,
  /** 0: counted, the same on every machine. 1: timed. */
  tier: z.union([z.literal(0), z.literal(1)]),
  /** Whether its verdict counts. */
  gating: z.boolean(),
  baseline: side.nullable(),
  candidate: side.nullable(),
  /** Candidate over baseline: of the medians, or for timing the Hodges-Lehmann estimate with its interval. */
  ratio: z
    .strictObject({
      estimate: number,
      low: number.nullable(),
      high: number.nullable(),
      /** 0 to 1. */
      confidence: number.nullable(),
    })
    .nullable(),
  /** That the candidate is no worse, adjusted for the number of gating metrics; null where nothing was tested. */
  pValue: number.nullable(),
  /**
   * The least worsening, as a share of the baseline, that would have been found: of what is timed in four of
   * five cases; of what is counted, what is tolerated.
   */
  detectable: number.nullable(),
  /** The tolerance: the larger of the two; `relative` is a share of the baseline. */
  margin: z.strictObject({ absolute: number, relative: number }),
  verdict: z.enum(verdicts),
  /** One sentence. */
  reason: prose,
});

const budget = z.strictObject({
  ...place,
  /** The budget as its user wrote it. */
  budget: prose,
  operator: z.enum(["<=", "<", ">=", ">", "=="]),
  /** In the metric's unit. */
  limit: number,
  value: side.nullable(),
  outcome: z.enum(["kept", "exceeded", "unclear"]),
  reason: prose,
});

const problem = z.strictObject({ code: z.enum(problemCodes), text });

/** The outcomes of the trials of one side. */
const trials = z.strictObject({
  played: count,
  /** Spoilt by the machine or the harness, and left out: each with why, such as `stolen processor time`. */
  invalid: count,
  reasons: z.array(prose),
  /** In which the server did something wrong, and which count: each with what, such as `2 lost`. */
  faulty: count,
  faults: z.array(prose),
});

/** Where one of the two sides comes from. */
const source = z.strictObject({
  /** A path, a URL, a command or a commit, as its user named it. */
  label: text,
  startedAt: moment.nullable(),
  /** Null where it is a stored baseline, of which only their results are kept. */
  trials: trials.nullable(),
  /** The commit of the harness's checkout; with `bench ab --base`, of the server's repository. */
  commit: text.nullable(),
});

export const comparisonSchema = z.strictObject({
  format: z.literal(comparisonFormat),
  comparisonVersion: z.literal(comparisonVersion),
  kind: z.enum(["compare", "check", "ab"]),
  /** The command that does it again. */
  command: text,
  finishedAt: moment,
  baseline: source,
  candidate: source,
  environment: z.strictObject({
    /** Whether timing may be judged at all. */
    sameMachine: z.boolean(),
    /** Whether that is several, on each side. */
    ofHosts: z.literal(true).optional(),
    differences: z.array(z.strictObject({ name: text, baseline: text, candidate: text })),
  }),
  /** `failed` where there are problems: then no verdict may be trusted. */
  outcome: z.enum(["pass", "improved", "inconclusive", "regressed", "failed"]),
  problems: z.array(problem),
  changes: z.array(change),
  budgets: z.array(budget),
  /** How many interleaved pairs there were; null where none were played. */
  pairs: z
    .strictObject({ explored: count, confirming: count, most: count, invalid: count })
    .nullable(),
});

export type Verdict = (typeof verdicts)[number];
export type ProblemCode = (typeof problemCodes)[number];
export type Side = z.infer<typeof side>;
export type Change = z.infer<typeof change>;
export type BudgetOutcome = z.infer<typeof budget>;
export type Trials = z.infer<typeof trials>;
export type Problem = z.infer<typeof problem>;
export type Comparison = z.infer<typeof comparisonSchema>;

/** A metric where it is measured, and how its values read. */
export type ComparedMetric = Pick<
  Change,
  "variant" | "scenario" | "phase" | "metric" | "tier" | "unit" | "better"
>;

/** Nothing but that of something that holds more. */
export function comparedMetric(given: ComparedMetric): ComparedMetric {
  const { variant, scenario, phase, metric, tier, unit, better } = given;
  return { variant, scenario, phase, metric, tier, unit, better };
}

/** Where a metric was measured, and its name. */
export type MetricAddress = Pick<Change, "variant" | "scenario" | "phase" | "metric">;

/** The same on two sides: what config files and budgets call it, such as `sse.overhead.steady.bytesPerMessage`. */
export function addressOf(place: MetricAddress): string {
  return `${cellOf(place)}.${place.metric}`;
}

/** The address of a metric without the metric: `sse.overhead.steady`. */
export function cellOf({ variant, scenario, phase }: MetricAddress): string {
  return [variant, scenario, ...(phase === null ? [] : [phase])].join(".");
}
