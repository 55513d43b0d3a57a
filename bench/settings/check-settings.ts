import * as z from "zod";

/** No name of a metric is longer. */
const maxTextLength = 500;

const aText = `a text of 1 to ${maxTextLength} characters`;
const pattern = z.string(aText).min(1, aText).max(maxTextLength, aText);
const somePairs = "a whole number from 7 to 200";
const path = z.string("a path").min(1, "a path");

/** The section `check` of a config file: what `bench check`, `bench compare` and `bench ab` decide by. */
export const checkSchema = z
  .strictObject(
    {
      /** Where the baseline is kept. */
      baseline: path,
      /**
       * Which metrics gate, as `[variant.][scenario.]metric`, `*` standing for any; one with `!` before it
       * doesn't. All that are counted and the usual timings where left out.
       */
      gates: z.array(pattern, 'a list of metrics, such as ["!*.memory"]'),
      /** Tolerances by metric: `10%`, `0.5B`, `0.1ms`, `3`. */
      margins: z.record(
        pattern,
        z.string(`${aText}, such as "10%"`).max(maxTextLength, aText),
        'an object of margins by metric, such as { "p50": "10%" }',
      ),
      /** Absolute limits, such as `websocket.latency.p99 <= 50ms`. */
      budgets: z.array(pattern, 'a list of limits, such as ["loss == 0"]'),
      /** Whether an inconclusive outcome passes or fails. */
      inconclusive: z.enum(["pass", "fail"], '"pass" or "fail"'),
      /** The most pairs that `bench ab` plays before it says that it can't tell. */
      pairs: z.int(somePairs).min(7, somePairs).max(200, somePairs),
    },
    {
      error: ({ code }) =>
        code === "invalid_type"
          ? "an object with baseline, gates, margins, budgets, inconclusive or pairs"
          : undefined,
    },
  )
  .partial();

export type CheckSettings = z.infer<typeof checkSchema>;
