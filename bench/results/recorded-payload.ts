import * as z from "zod";
import { name } from "./texts.ts";

/** What was sent, where it isn't the harness's own text: a part of every workload. */
export const payloadFields = {
  /** A kind that the harness makes, or the file of a corpus. */
  payloadKind: z.string().max(4_096).optional(),
  /** Of the corpus. */
  payloadSha256: z.string().max(64).optional(),
  encoding: name.optional(),
};

export type RecordedPayload = z.infer<z.ZodObject<typeof payloadFields>>;
