import type { Track } from "./history.ts";

const heights = "▁▂▃▄▅▆▇█";
/** More runs than these are not drawn: the last ones count. */
const most = 24;

/** The course of a metric in a line of text, a sign for each run; a gap where a run hasn't it. */
export function sparkline({ points }: Track, runs: number): string {
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
