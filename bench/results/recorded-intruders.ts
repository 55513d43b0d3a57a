import * as z from "zod";
import { name, number } from "./texts.ts";

const count = z.int().min(0);

/** How an attempt ended that the server didn't refuse. */
export const notRefused = "not refused";

/** Wrong clients of one kind, who tried one of the server's limits in a phase. */
export const intrudersSchema = z.strictObject({
  kind: name,
  /** Those of which it is known how they ended. */
  attempts: count,
  /**
   * How many ended how: by a status, a close code of WebSocket, `closed`, `reset`, or `not refused`.
   */
  endings: z.record(name, count),
  /** The longest that one took that was refused, from its first wrong byte on; null where none was. */
  longestMs: number.nullable(),
  /** The most bytes that the kernel took of one meanwhile: the server has read no more. */
  mostBytes: count,
});

export type Intruders = z.infer<typeof intrudersSchema>;
