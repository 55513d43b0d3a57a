import type { Change } from "../../bench/results/comparison.ts";
import { shortListing } from "../../bench/text/format.ts";
import { addressOf } from "../../bench/results/metric-address.ts";

/** Why changes were judged as they were: each reason once, and what it is about. */
export function reasonsOf(changes: readonly Change[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const change of changes) {
    reasons.set(change.reason, [...(reasons.get(change.reason) ?? []), addressOf(change)]);
  }
  return [...reasons].map(([reason, addresses]) => `${shortListing(addresses, 2)}: ${reason}`);
}
