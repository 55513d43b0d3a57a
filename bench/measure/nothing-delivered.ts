import type { Phase } from "../results/schema.ts";
import type { ConnectionEnds } from "./connection-ends.ts";
import { isStream } from "./bounds.ts";

/**
 * Why a phase's figures are figures of nothing: messages were expected, waited for, and not one was
 * delivered. Null where some were; a few that are lost after others have come are a finding, such as where
 * a search for a limit ends.
 */
export function nothingDelivered(
  phase: Phase,
  before: readonly Phase[],
  { lastEnding }: ConnectionEnds,
): string | null {
  const { expected, delivered, corrupted, intended, lost } = phase.deliveries;
  const isOver = phase.measured && lost !== null && expected > 0;
  if (!isOver || delivered > 0) return null;
  const cameBefore = before.some(({ deliveries }) => deliveries.delivered > 0);
  if (cameBefore && !isStream(intended, true)) return null;
  const instead = corrupted > 0 ? `; ${corrupted} corrupted messages arrived instead` : "";
  const ended = lastEnding === null ? "" : `; clients lost their connection: ${lastEnding}`;
  return `none of ${expected} deliveries arrived in ${phase.name}${instead}${ended}`;
}
