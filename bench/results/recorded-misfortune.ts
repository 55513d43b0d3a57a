import * as z from "zod";

export const reconnectPolicies = [
  "none",
  "native",
  "fixed",
  "exponential",
  "full-jitter",
  "decorrelated-jitter",
] as const;

/** What goes wrong in a workload, what clients do about it, and what is good enough, where the user has said so. */
export const misfortuneFields = {
  reconnect: z
    .strictObject({
      policy: z.enum(reconnectPolicies),
      baseMs: z.number().positive(),
      capMs: z.number().positive(),
    })
    .optional(),
  cutEveryMs: z.number().positive().optional(),
  objectiveMs: z.number().positive().optional(),
};
