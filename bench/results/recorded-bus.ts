import * as z from "zod";
import { busNames } from "../../transports/bus-names.ts";
import { histogram } from "./recorded-latency.ts";

const count = z.int().min(0);

/** What carried messages between servers in a phase, and what became of them there. */
export const busSchema = z.strictObject({
  kind: z.enum(busNames),
  /** The package by which servers shared messages by themselves; left out where the harness did it. */
  library: z.string().optional(),
  /** The program and its version, or where the user's own is; left out without one. */
  broker: z.string().optional(),
  /** Servers on it. */
  servers: count,
  /** Messages that servers published. */
  published: count,
  /** Those of them that were lost at once, since a server couldn't reach the bus. */
  refused: count,
  /**
   * Messages times the servers that they were to reach by the bus: without a broker, or by a library, all but the one
   * that published.
   */
  expected: count,
  taken: count,
  /** Not taken by the end of the phase. */
  lost: count,
  /** Deliveries that are missing for that: the server that published couldn't hand them over, or the client's took none. */
  deliveries: z.strictObject({ unsent: count, untaken: count }).optional(),
  /** The broker was made to fail. */
  failed: z.literal(true).optional(),
  /** Taken once more. */
  repeated: count,
  /** From publishing until a server had taken it from the bus. */
  transit: histogram,
  /** On the servers' connections to the bus, all of them together: from it, and to it. */
  bytesDown: count,
  bytesUp: count,
});
