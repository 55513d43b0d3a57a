import { quantityFormat } from "../../bench/text/quantity.ts";
import { hasMoved } from "./history.ts";
import type { Track } from "./history.ts";
import { sparkline } from "./sparkline.ts";

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
