import type { MemoryUse } from "../../scenarios/scenario.ts";
import type { Memory } from "../processes/protocol.ts";

/** What several processes hold together. */
export function memoryOf(held: readonly Memory[]): MemoryUse {
  return {
    residentBytes: knownSum(held.map(({ rssBytes }) => rssBytes)),
    heapBytes: knownSum(held.map(({ heapBytes }) => heapBytes)),
  };
}

/** Null where one of them is unknown. */
function knownSum(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}
