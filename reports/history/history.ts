import type { Side } from "../../bench/results/comparison.ts";
import type { History, StoredRun, StoredValue } from "../../bench/results/stored-runs.ts";
import { addressOf } from "../../bench/results/comparison.ts";
import { quantityFormat } from "../../bench/text/quantity.ts";

/** One metric over the runs that have it. */
export interface Track extends Omit<StoredValue, "value"> {
  /** Of timing, which only runs of one machine may share; null where there is one, or it doesn't matter. */
  readonly machine: string | null;
  readonly points: readonly TrackPoint[];
}

export interface TrackPoint {
  /** The place of its run among all of them. */
  readonly run: number;
  readonly value: Side;
}

/** Every metric by itself, and every timing once for each machine: these stand together. */
export function tracksOf({ runs }: History): Track[] {
  const machines = new Set(runs.map(({ machine }) => machine)).size;
  const tracks = new Map<string, Track & { points: TrackPoint[] }>();
  for (const [run, { machine, values }] of runs.entries()) {
    for (const { value, ...about } of values) {
      const apart = about.tier === 1 && machines > 1 ? machineName(machine) : null;
      const key = JSON.stringify([addressOf(about), apart]);
      const track = tracks.get(key) ?? { ...about, machine: apart, points: [] };
      track.points.push({ run, value });
      tracks.set(key, track);
    }
  }
  const addresses = [...new Set([...tracks.values()].map(addressOf))];
  return [...tracks.values()].toSorted(
    (a, b) => addresses.indexOf(addressOf(a)) - addresses.indexOf(addressOf(b)),
  );
}

export function machineName(machine: number | null): string {
  return machine === null ? "machine not recorded" : `machine ${machine}`;
}

/** Whether it was ever another than before, by as much as can be seen of it. */
export function hasMoved({ points, unit }: Track): boolean {
  const levels = points.map(({ value }) => value.level);
  return new Set(levels.map(quantityFormat(unit, levels))).size > 1;
}

/** By what people know a run: its commit, or else when it was. */
export function runName({ commit, startedAt }: StoredRun): string {
  return commit === null ? startedAt.slice(5, 16).replace("T", " ") : commit.slice(0, 7);
}
