import { describe, expect, it } from "vitest";
import { TimelineRecorder, mergeTimelines } from "./timeline.ts";

function timelineWith(...records: [atMs: number, durationNs: number][]) {
  const timeline = new TimelineRecorder();
  for (const [atMs, durationNs] of records) timeline.record(atMs * 1e6, durationNs);
  return timeline.recorded();
}

const empty = { count: 0, meanNs: null, maxNs: null };

describe("a timeline", () => {
  it("puts each message into the slice in which it was due", () => {
    expect(timelineWith([0, 10], [99.9, 30], [100, 5], [350, 7])).toEqual({
      sliceMs: 100,
      slices: [
        { count: 2, meanNs: 20, maxNs: 30 },
        { count: 1, meanNs: 5, maxNs: 5 },
        empty,
        { count: 1, meanNs: 7, maxNs: 7 },
      ],
    });
  });

  it("is empty before the first message, and after a reset", () => {
    const timeline = new TimelineRecorder();
    expect(timeline.recorded()).toEqual({ sliceMs: 100, slices: [] });
    timeline.record(1e12, 5);
    timeline.reset();
    expect(timeline.recorded()).toEqual({ sliceMs: 100, slices: [] });
    timeline.record(0, 5);
    expect(timeline.recorded().slices).toEqual([{ count: 1, meanNs: 5, maxNs: 5 }]);
  });

  it("has wider slices in a longer phase, and loses nothing", () => {
    const records = Array.from({ length: 600 }, (_, index): [number, number] => [
      index * 100,
      index + 1,
    ]);
    const { sliceMs, slices } = timelineWith(...records);
    expect(sliceMs).toBe(800);
    expect(slices).toHaveLength(75);
    expect(slices[0]).toEqual({ count: 8, meanNs: 4.5, maxNs: 8 });
    expect(slices.at(-1)).toEqual({ count: 8, meanNs: 596.5, maxNs: 600 });
    expect(slices.reduce((sum, { count }) => sum + count, 0)).toBe(600);
  });

  it("merges with that of another process, whatever its width", () => {
    const short = timelineWith([0, 10], [150, 20]);
    const long = timelineWith([0, 30], [12_800, 40]);
    expect(long.sliceMs).toBe(200);
    const merged = mergeTimelines([short, long]);
    expect(merged.sliceMs).toBe(200);
    expect(merged.slices).toHaveLength(65);
    expect(merged.slices[0]).toEqual({ count: 3, meanNs: 20, maxNs: 30 });
    expect(merged.slices[1]).toEqual(empty);
    expect(merged.slices.at(-1)).toEqual({ count: 1, meanNs: 40, maxNs: 40 });
    expect(mergeTimelines([])).toEqual({ sliceMs: 100, slices: [] });
  });
});
