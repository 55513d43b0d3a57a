import * as z from "zod";
import { answersFields } from "./recorded-answers.ts";
import { misfortuneFields } from "./recorded-misfortune.ts";
import { networkField } from "./recorded-network.ts";
import { payloadFields } from "./recorded-payload.ts";
import { serverFleetFields } from "./recorded-server-fleet.ts";
import { name, prose } from "./texts.ts";

const count = z.int().min(0);
const trials = z.int().min(1).max(1_000);

export const profileNames = ["quick", "default", "thorough", "bad-day"] as const;
export type ProfileName = (typeof profileNames)[number];

const precisionAsked = z.strictObject({
  /** Half an interval's width, in percent of the median. */
  targetPercent: z.number(),
  /** The key of the figure that counts; null for each scenario's headline figure. */
  metric: name.nullable(),
  /** The run's time limit: no further trial begins after it. */
  timeLimitMs: z.number(),
});

/**
 * What a run was asked to do, with every default filled in, so that a version with other defaults can repeat
 * it. Options of variants are beside their names in `variants` of the results.
 */
export const recordedConfigSchema = z.strictObject({
  variants: z.array(name).min(1),
  /** Each with the workload that it proposes where nothing else is asked for. */
  scenarios: z
    .array(
      z.strictObject({
        name,
        workload: z.strictObject({
          clients: count,
          ratePerSecond: z.number(),
          payloadBytes: count,
        }),
        trials: trials.nullable(),
        durationShare: z.number().positive().max(100).nullable(),
        /** The file that defines it, from the folder of the run; left out for a built-in one. */
        adapter: prose.optional(),
      }),
    )
    .min(1),
  /** The variants of each scenario, by its name; left out where all are played with all. */
  playedWith: z.record(name, z.array(name).min(1)).optional(),
  /** These three are null where each scenario has its own. */
  clients: count.nullable(),
  ratePerSecond: z.number().nullable(),
  payloadBytes: count.nullable(),
  ...payloadFields,
  /** The network between clients and server, as `--network` has it; left out without one. */
  network: networkField,
  durationMs: z.number(),
  warmUpMs: z.number(),
  /** Trials of every cell; null where each scenario has its own number, at most `usualTrials`. */
  trials: trials.nullable(),
  /** The profile's default for `trials`. */
  usualTrials: trials,
  /** How many further trials may replace those that don't count; null for as many as are planned. */
  extraTrials: count.nullable(),
  maxConnections: count,
  ...misfortuneFields,
  ...answersFields,
  ...serverFleetFields,
  /** The longest that a trial sits idle to see something periodic, such as a heartbeat. */
  patienceMs: z.number().min(0).max(3_600_000),
  /** How narrow further trials are to make intervals; null without `--precision`. */
  precision: precisionAsked.nullable(),
});

export type RecordedConfig = z.infer<typeof recordedConfigSchema>;

/** How close one cell is to the precision that was asked for. */
const precisionStatus = z.strictObject({
  scenario: name,
  variant: name,
  /** The key of the figure that counts. */
  key: name,
  /** `hopeless` where no number of further trials would suffice. */
  state: z.enum(["precise", "wide", "hopeless"]),
  /** Half the interval's width in percent of the median; null where there is none. */
  halfWidthPercent: z.number().nullable(),
  /** Valid trials. */
  trials: count,
  /** Why there is no width, or no hope; null where there is nothing to explain. */
  why: prose.nullable(),
});

/** The precision that `--precision` asked for, and what was reached. */
export const precisionSchema = precisionAsked.extend({
  /** Why repeating ended; null while it goes on. */
  ended: z.enum(["reached", "can't be reached", "time limit", "interrupted"]).nullable(),
  cells: z.array(precisionStatus),
});

export type PrecisionStatus = z.infer<typeof precisionStatus>;
export type Precision = z.infer<typeof precisionSchema>;
