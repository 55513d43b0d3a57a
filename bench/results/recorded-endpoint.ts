import * as z from "zod";
import { histogram } from "./recorded-latency.ts";
import { name, number, prose } from "./texts.ts";

const count = z.int().min(0);

/** Tokens that came together, and what was before and behind them. */
const group = z.strictObject({
  /** Of which answer, counted from 0. */
  answer: count,
  tokens: count,
  /** Of the body, without compression. */
  bytes: count,
  /** Nothing had come for so long; from asking on for the first of an answer. */
  quietMs: number,
  /** Whether it ended where an event does. */
  isWhole: z.boolean(),
});

/**
 * What a phase asked of an endpoint of the user's own, which decides by itself when anything is due. Times count from
 * when a request was sent, unless they say otherwise; those of tokens are of answers that came whole.
 */
export const recordedEndpoint = z.strictObject({
  /** That were sent. */
  requests: count,
  /** Those whose due time came, and which weren't sent before the phase gave up waiting: all were busy. */
  unsent: count,
  /** Answers that came whole. */
  whole: count,
  /** The others, by kinds such as `status 429`, `cut`, `timed out`. */
  failed: z.record(name, count),
  /** What the first of each kind said, without secrets. */
  said: z.record(name, prose),
  tokens: count,
  /** Events that hold no text, by what they are for. */
  asides: z.record(name, count),
  /** Of whole answers, on the connections: TLS, heads and framing with them, but no handshakes. */
  bytes: z.strictObject({ down: count, up: count }),
  connections: count,
  /** From when a request was due until it was sent; only with arrivals at a rate. */
  wait: histogram.optional(),
  firstByte: histogram,
  firstToken: histogram,
  /** From when it was due; only with arrivals at a rate. */
  firstTokenDue: histogram.optional(),
  /** From sending to the last token. */
  answer: histogram,
  /** Between two tokens of an answer, those that came together among them. */
  gaps: histogram,
  /** Gaps of more than 250 ms. */
  stalls: count,
  /** The mean time a token of an answer took after its first. */
  pace: histogram,
  /** Reads of the connection that held tokens, and the most that one held. */
  reads: count,
  mostInRead: count,
  /** A few answers in detail, from the first on. */
  groups: z.array(group).max(1_000),
  /** Fields of the first answer by which those in between can be known, without secrets. */
  fields: z.record(name, prose),
});

export type RecordedEndpoint = z.infer<typeof recordedEndpoint>;
export type RecordedGroup = z.infer<typeof group>;
