/**
 * CLOCK_MONOTONIC in nanoseconds: one clock for all processes of one kernel. As a number it is exact to
 * the nanosecond for 104 days of uptime, and to two for twice that.
 */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}
