import { addedBusCounts, successiveBusCounts } from "../bus/added-counts.ts";
import { addDeltas } from "../measure/added-deltas.ts";
import type { ServerEnd } from "../processes/protocol.ts";
import type { MemoryCourse } from "../results/schema.ts";

/** The counts of servers that have served one after the other, in a window of that length. */
export function joinedEnds(ends: readonly ServerEnd[], durationMs: number): ServerEnd {
  return ends.reduce((before, end) => ({
    wire: before.wire && end.wire && addDeltas(before.wire, end.wire),
    cycle: null,
    batches: before.batches && end.batches && [[...before.batches, ...end.batches].flat()],
    resources: [...before.resources, ...end.resources],
    durationMs,
    ...successiveBusCounts([before.bus, end.bus]),
    kernelSocketBytes: end.kernelSocketBytes,
  }));
}

/** The counts of servers that have served in the same window. */
export function besideEachOther(ends: readonly ServerEnd[]): ServerEnd {
  return ends.reduce((one, other) => ({
    wire: one.wire && other.wire && addDeltas(one.wire, other.wire),
    // Of a connection to the server that has shown fewest.
    cycle: one.cycle && other.cycle && (other.cycle.cycles < one.cycle.cycles ? other : one).cycle,
    batches: one.batches && other.batches && [...one.batches, ...other.batches],
    resources: [...one.resources, ...other.resources],
    ...addedBusCounts([one.bus, other.bus]),
    // Of the host that they share.
    kernelSocketBytes: one.kernelSocketBytes,
    ...(one.memoryCourse &&
      other.memoryCourse && { memoryCourse: together(one.memoryCourse, other.memoryCourse) }),
  }));
}

/** What two processes hold at each step, as long as both tell. */
function together(one: MemoryCourse, other: MemoryCourse): MemoryCourse {
  const added = (values: readonly number[], others: readonly number[]): number[] =>
    values.slice(0, others.length).map((bytes, step) => bytes + (others[step] ?? 0));
  return {
    stepMs: one.stepMs,
    residentBytes: added(one.residentBytes, other.residentBytes),
    heapBytes: added(one.heapBytes, other.heapBytes),
  };
}
