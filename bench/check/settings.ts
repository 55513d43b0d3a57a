import { z } from "zod";

/** The section `check` of a config file: what `bench check`, `bench compare` and `bench ab` decide by. */
export const checkSchema = z
  .strictObject({
    /** Where the baseline is kept. */
    baseline: z.string().min(1),
    /**
     * Which metrics gate, as `[variant.][scenario.]metric`, `*` standing for any; one with `!` before it
     * doesn't. All that are counted and the usual timings where left out.
     */
    gates: z.array(z.string().min(1)),
    /** What is tolerated, by metric: `10%`, `0.5B`, `0.1ms`, `3`. */
    margins: z.record(z.string(), z.string()),
    /** Absolute limits, such as `websocket.latency.p99 <= 50ms`. */
    budgets: z.array(z.string().min(1)),
    /** What an inconclusive outcome comes to. */
    inconclusive: z.enum(["pass", "fail"]),
    /** The most pairs that `bench ab` plays before it says that it can't tell. */
    pairs: z.int().min(7).max(200),
  })
  .partial();

export type CheckSettings = z.infer<typeof checkSchema>;
