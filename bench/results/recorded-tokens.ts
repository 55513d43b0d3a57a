import * as z from "zod";
import { histogram } from "./recorded-latency.ts";
import { number } from "./texts.ts";

const count = z.int().min(0);

/** Mean and standard deviation. */
const spread = z.strictObject({ mean: number, deviation: number });

/** How the tokens of answers came to clients that prompted. Their lateness is the phase's `latency.delivery`. */
export const recordedTokens = z.strictObject({
  /** That were due. */
  requests: count,
  /** That came whole. */
  answers: count,
  /** Tokens. */
  expected: count,
  received: count,
  lost: count,
  /** Messages that were no token that could come. */
  wrong: count,
  /** Tokens that were received once more. */
  again: count,
  /** From when a request was due to its first token. */
  firstToken: histogram,
  /** From when a request was due to the end of its answer. */
  answer: histogram,
  /** The longest gap between two tokens of an answer, less the gap by which they were due; null where none followed. */
  longestStallNs: number.nullable(),
  /** Those that came within a millisecond of the one before, though they were due more than five after it. */
  together: z.strictObject({
    tokens: count,
    /** Those that were due more than five milliseconds after the one before. */
    apart: count,
    groups: count,
    /** The most tokens in a group. */
    largest: count,
    /** The longest by which the last token of a group was due after its first. */
    longestNs: number,
    /** Of the same time over all groups, in nanoseconds. */
    held: spread,
    /** Of the payloads of groups, in bytes. */
    bytes: spread,
  }),
  /** Answers that were cut; left out where none was. */
  cuts: z
    .strictObject({
      answers: count,
      /** Those that were given up. */
      lost: count,
      /** Prompts that were sent once more, and their bytes. */
      prompts: count,
      promptBytes: count,
      /** Tokens that were received a second time, and the bytes of their payloads. */
      again: count,
      againBytes: count,
      /** From a cut until the first token that its client didn't have. */
      untilGoesOn: histogram,
    })
    .optional(),
  /** A few answers, token by token, in milliseconds after their request was due; null for what didn't come. */
  courses: z.array(
    z.strictObject({
      client: count,
      request: count,
      dueMs: z.array(number),
      arrivedMs: z.array(number.nullable()),
    }),
  ),
});

export type RecordedTokens = z.infer<typeof recordedTokens>;
