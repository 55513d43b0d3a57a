import * as z from "zod";
import { number } from "./texts.ts";

const count = z.int().min(0);

export const histogram = z.strictObject({
  count,
  minNs: number.nullable(),
  maxNs: number.nullable(),
  meanNs: number.nullable(),
  /** Values above the range, kept as its end. */
  clamped: count,
  /** Values below zero, which only a broken clock gives; not among `count`. */
  negative: count,
  /** HdrHistogram V2, compressed, base64; nanoseconds, three significant digits. */
  encoded: z.string(),
});

/** Delivery latency over the phase: in each slice the messages that were due in it. */
export const timeline = z.strictObject({
  sliceMs: number,
  slices: z.array(z.strictObject({ count, meanNs: number.nullable(), maxNs: number.nullable() })),
});

export type Histogram = z.infer<typeof histogram>;
export type Timeline = z.infer<typeof timeline>;
