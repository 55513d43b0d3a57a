import type { Backoff } from "../../scenarios/scenario.ts";

/**
 * How long a client waits before it dials again, in milliseconds. `attempt` counts from 0 for each loss of its
 * connection; `beforeMs` is what it waited the last time, and `baseMs` the first time. Null where it doesn't dial. `random` is in [0, 1).
 *
 * The formulas of jitter are those of M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
 */
export function waitMs(
  { policy, baseMs, capMs }: Backoff,
  attempt: number,
  beforeMs: number,
  random: () => number,
): number | null {
  const exponential = Math.min(capMs, baseMs * 2 ** attempt);
  const waits: Readonly<Record<Backoff["policy"], () => number | null>> = {
    none: () => null,
    native: () => null,
    fixed: () => baseMs,
    exponential: () => exponential,
    "full-jitter": () => random() * exponential,
    "decorrelated-jitter": () => Math.min(capMs, baseMs + random() * (3 * beforeMs - baseMs)),
  };
  return waits[policy]();
}
