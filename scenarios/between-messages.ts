import type { Workload } from "./scenario.ts";

/**
 * The moment closest to `afterMs` that is half of the time between two messages, in milliseconds from the first: what
 * happens then never happens together with a message.
 */
export function betweenMessages(
  afterMs: number,
  { ratePerSecond }: Pick<Workload, "ratePerSecond">,
): number {
  const sent = Math.round((afterMs * ratePerSecond) / 1_000);
  return ((sent + 0.5) * 1_000) / ratePerSecond;
}
