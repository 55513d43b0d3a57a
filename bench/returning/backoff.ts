import type { Backoff } from "../../scenarios/scenario.ts";

/**
 * How long a client waits before it dials again, in milliseconds. `attempt` counts from 0 for each loss of its
 * connection; `beforeMs` is what it waited the last time, and `baseMs` the first time. `random` is in [0, 1).
 *
 * The formulas of jitter are those of M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
 */
export function waitMs(
  { policy, baseMs, capMs }: Backoff,
  attempt: number,
  beforeMs: number,
  random: () => number,
): number {
  const exponential = Math.min(capMs, baseMs * 2 ** attempt);
  switch (policy) {
    case "fixed":
      return baseMs;
    case "exponential":
      return exponential;
    case "full-jitter":
      return random() * exponential;
    case "decorrelated-jitter":
      return Math.min(capMs, baseMs + random() * (3 * beforeMs - baseMs));
  }
}
