import { quantityFormat } from "../../bench/text/quantity.ts";
import { hasMoved } from "./history.ts";
import type { Track } from "./history.ts";

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
const most = 24;

/** The course of a metric in a line of text, a sign for each run; a gap where a run hasn't it. */
function sparkline({ points }: Track, runs: number): string {
  const levels = points.map(({ value }) => value.level);
  const [least, largest] = [Math.min(...levels), Math.max(...levels)];
  const first = Math.max(0, runs - most);
  return Array.from({ length: runs - first }, (_, index) => {
    const point = points.find(({ run }) => run === first + index);
    if (point === undefined) return " ";
    const share = largest === least ? 0 : (point.value.level - least) / (largest - least);
    return heights[Math.round(share * (heights.length - 1))] ?? " ";
  }).join("");
}
