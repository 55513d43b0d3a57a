import { addedBusCounts } from "../bus/added-counts.ts";
import { addDeltas } from "../measure/added-deltas.ts";
import type { ServerEnd } from "../processes/protocol.ts";

/** The counts of servers that have served one after the other, in a window of that length. */
export function joinedEnds(ends: readonly ServerEnd[], durationMs: number): ServerEnd {
  return ends.reduce((before, end) => ({
    wire: before.wire && end.wire && addDeltas(before.wire, end.wire),
    cycle: null,
    batches: before.batches && end.batches && [...before.batches, ...end.batches],
    resources: [...before.resources, ...end.resources],
    durationMs,
    ...addedBusCounts([before.bus, end.bus]),
    kernelSocketBytes: end.kernelSocketBytes,
  }));
}

/** The counts of servers that have served in the same window. */
export function besideEachOther(ends: readonly ServerEnd[]): ServerEnd {
  return ends.reduce((one, other) => ({
    wire: one.wire && other.wire && addDeltas(one.wire, other.wire),
    cycle: null,
    // Each server gathers by itself, for its own clients.
    batches: null,
    resources: [...one.resources, ...other.resources],
    ...addedBusCounts([one.bus, other.bus]),
    kernelSocketBytes: one.kernelSocketBytes,
  }));
}
