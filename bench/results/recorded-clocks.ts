import * as z from "zod";
import { name, number } from "./texts.ts";

/** What was known of a host's clock at the end of a phase, against that of the host that counts: see `run --on`. */
export const hostClock = z.strictObject({
  host: name,
  /** How far it was ahead, in nanoseconds: what its processes correct it by. */
  offsetNs: number,
  /** How far it may have been off all the same, in nanoseconds; 0 of the one that counts. */
  boundNs: z.number().min(0),
  /** How fast it gets further ahead, in parts per million. */
  driftPpm: number,
});

/** How far the two clocks that tell a time may have been apart, in nanoseconds. */
export const clockBoundNs = z.number().min(0);

export type HostClock = z.infer<typeof hostClock>;
