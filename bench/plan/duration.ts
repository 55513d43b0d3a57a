import type { Batch } from "./plan.ts";
import { rehearse } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { medianOf, sum } from "../statistics/basics.ts";

/** How long loading this command takes on the machine whose slowness is 1, in milliseconds. */
const referenceLoadingMs = 400;

const minSlowness = 0.2;
const maxSlowness = 20;

/**
 * How many times slower this machine seems to be, as busy as it is, than the one on which the times of
 * `rehearsal.ts` were measured: judged by how long it has taken until this module was reached, when nearly
 * all else of the command has been read. The processes of a trial load much the same.
 */
export const machineSlowness: number = clampSlowness(performance.now() / referenceLoadingMs);

/** The slowness by what trials have shown: the median, so that a single odd trial is outvoted. */
export function refineSlowness(guess: number, observed: readonly number[]): number {
  return clampSlowness(medianOf([guess, ...observed]) ?? guess);
}

function clampSlowness(slowness: number): number {
  return Math.min(maxSlowness, Math.max(minSlowness, slowness));
}

/** Making all reports of a run where the slowness is 1, in milliseconds: how large the run was hardly matters. */
const reportsMs = 1_400;

/** Finding out what the packet network does by itself, likewise. */
const calibrationMs = 2_000;

/** The trials of a batch, rehearsed. */
export type RehearsedBatch = readonly Rehearsal[];

export async function rehearseAll(plan: readonly Batch[]): Promise<RehearsedBatch[]> {
  return Promise.all(plan.map((batch) => Promise.all(batch.map(rehearse))));
}

/** How long a trial would take by itself, in milliseconds. */
export function trialMs(
  { busyMs, idleMs, fixedMs }: Rehearsal,
  slowness: number = machineSlowness,
): number {
  return busyMs + idleMs + slowness * fixedMs;
}

/** How long a batch would take, in milliseconds: its trials take turns, and wait side by side. */
export function batchMs(batch: RehearsedBatch, slowness: number = machineSlowness): number {
  let busyMs = 0;
  let endMs = 0;
  for (const rehearsal of batch) {
    busyMs += rehearsal.busyMs + slowness * rehearsal.fixedMs;
    endMs = Math.max(endMs, busyMs + rehearsal.idleMs);
  }
  return endMs;
}

/** How long a whole plan would take, in milliseconds, with or without reports at its end. */
export async function planMs(plan: readonly Batch[], reports: boolean): Promise<number> {
  const batches = await rehearseAll(plan);
  const trialsMs = sum(batches.map((batch) => batchMs(batch)));
  const isCalibrated = plan.flat().some(({ network }) => network !== null);
  const besidesMs = (reports ? reportsMs : 0) + (isCalibrated ? calibrationMs : 0);
  return trialsMs + machineSlowness * besidesMs;
}

/** The slowness at which a batch would have taken as long as it did; null where that doesn't tell. */
export function slownessShown(batch: RehearsedBatch, tookMs: number): number | null {
  const scriptMs = batchMs(batch, 0);
  const eachMs = batchMs(batch, 1) - scriptMs;
  return eachMs <= 0 ? null : Math.max(0, tookMs - scriptMs) / eachMs;
}
