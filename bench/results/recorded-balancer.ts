import * as z from "zod";

const count = z.int().min(0);

/** What stood in front of servers in a phase, at one address. */
export const balancerSchema = z.strictObject({
  /** Its name and version. */
  program: z.string(),
  /** Whether it read requests, or passed on bytes that it knew nothing of. */
  reads: z.enum(["http", "bytes"]),
  /** Servers behind it. */
  servers: count,
  /** How many bytes of deliveries each of them wrote; null where that isn't known. */
  deliveredBytes: z.array(count).nullable(),
});
