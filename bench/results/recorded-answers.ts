import * as z from "zod";

export const tokenFormats = ["json", "text"] as const;

/** What clients that prompt ask for, where the user has said so. */
export const answersFields = {
  promptBytes: z.int().positive().optional(),
  tokens: z.int().positive().optional(),
  tokenRates: z.array(z.number().positive()).readonly().optional(),
  firstTokenMs: z.number().min(0).optional(),
  tokenFormat: z.enum(tokenFormats).optional(),
};
