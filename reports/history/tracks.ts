import type { Side } from "../../bench/results/comparison.ts";
import type { History, StoredRun, StoredValue } from "../../bench/results/stored-runs.ts";
import { addressOf } from "../../bench/results/comparison.ts";
import { quantityFormat } from "../../bench/text/quantity.ts";
import { groupBy } from "../group-by.ts";

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
  const stored = runs.flatMap(({ machine, values }, run) =>
    values.map(({ value, ...metric }) => {
      const apart = metric.tier === 1 && machines > 1 ? machineName(machine) : null;
      return { metric: { ...metric, machine: apart }, point: { run, value } };
    }),
  );
  const metrics = groupBy(stored, ({ metric }) => addressOf(metric));
  return [...metrics.values()]
    .flatMap((same) => Array.from(groupBy(same, ({ metric }) => metric.machine).values()))
    .flatMap((same) => {
      const [first] = same;
      const points = same.map(({ point }) => point);
      return first === undefined ? [] : [Object.assign(first.metric, { points })];
    });
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

/** A metric's history in words. */
export interface TrackText {
  readonly first: string;
  readonly last: string;
  /** From the least to the most. */
  readonly range: string;
  readonly course: string;
}

export function trackText(track: Track, runs: number): TrackText {
  const levels = track.points.map(({ value }) => value.level);
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const written = quantityFormat(track.unit, levels);
  const [first = 0] = levels;
  return {
    first: written(first),
    last: written(levels.at(-1) ?? first),
    range: hasMoved(track) ? `${written(least)} to ${written(most)}` : "same",
    course: sparkline(track, runs),
  };
}

const heights = "▁▂▃▄▅▆▇█";
/** More runs than these are not drawn: the last ones count. */
const maxRuns = 24;

/** The course of a metric in a line of text, a sign for each run; a gap where a run hasn't it. */
function sparkline({ points }: Track, runs: number): string {
  const levels = points.map(({ value }) => value.level);
  const [least, largest] = [Math.min(...levels), Math.max(...levels)];
  const first = Math.max(0, runs - maxRuns);
  return Array.from({ length: runs - first }, (_, index) => {
    const point = points.find(({ run }) => run === first + index);
    if (point === undefined) return " ";
    const share = largest === least ? 0 : (point.value.level - least) / (largest - least);
    return heights[Math.round(share * (heights.length - 1))] ?? " ";
  }).join("");
}
