import { groupedBy } from "../grouped.ts";
import type { Change } from "../../bench/results/comparison.ts";
import { shortListing } from "../../bench/text/format.ts";
import { addressOf } from "../../bench/results/metric-address.ts";

/** Why changes were judged as they were: each reason once, and what it is about. */
export function reasonsOf(changes: readonly Change[]): string[] {
  return [...groupedBy(changes, ({ reason }) => reason)].map(
    ([reason, same]) => `${shortListing(same.map(addressOf), 2)}: ${reason}`,
  );
}
