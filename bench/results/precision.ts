import * as z from "zod";
import { name, prose } from "./texts.ts";

const count = z.int().min(0);

/** How near one cell has come. */
const standing = z.strictObject({
  scenario: name,
  variant: name,
  /** Of the figure that counts. */
  key: name,
  /** `hopeless` where no number of further trials would do. */
  state: z.enum(["precise", "wide", "hopeless"]),
  /** Half the interval's width in percent of the median; null where there is none. */
  halfWidthPercent: z.number().nullable(),
  /** Valid ones. */
  trials: count,
  /** Why there is no width, or no hope; null where there is nothing to explain. */
  why: prose.nullable(),
});

/** What was asked for by `--precision`, and what was reached. */
export const precisionSchema = z.strictObject({
  targetPercent: z.number(),
  /** Null for each scenario's headline figure. */
  metric: name.nullable(),
  timeLimitMs: z.number(),
  /** What ended the repeating; null while it goes on. */
  ended: z.enum(["reached", "can't be reached", "time limit", "interrupted"]).nullable(),
  cells: z.array(standing),
});

export type Standing = z.infer<typeof standing>;
export type Precision = z.infer<typeof precisionSchema>;
