import { countOf } from "../text/format.ts";
import { ownCourse } from "./gathering.ts";
import type { OwnCourse } from "./gathering.ts";
import { lastHeardMs } from "./heard.ts";
import type { Heard } from "./heard.ts";
import type { Looked } from "./look.ts";
import type { ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";

/** What an endpoint's own stream tells, with no answering end behind it. */
export function ownFindings({ first, boundMs }: Looked): ThroughFinding[] {
  const { head } = first;
  if (head === null) return [silentFinding(boundMs)];
  const course = ownCourse(first);
  const encoding = head.fields["content-encoding"] ?? "identity";
  const isPlain = encoding === "identity";
  return [
    { ...buffered, status: "unknown", found: cameText(course), cures: [] },
    {
      key: "compressed",
      title: "compressed",
      status: isPlain ? "good" : "limited",
      found: isPlain ? "not at all" : `by ${encoding}; by whom can't be told`,
      cures: [],
    },
    { key: "cut", title: "silent streams", ...silenceIn(first, course, boundMs), cures: [] },
  ];
}

const buffered = { key: "buffered", title: "buffered" } as const;

function silentFinding(boundMs: number): ThroughFinding {
  const found = `nothing came within ${timeText(boundMs)}, not even a head: either the server says nothing, or something in between holds back what it says`;
  return { ...buffered, status: "unknown", found, cures: [] };
}

function cameText({ events, most, bytes, arrivals, longestGapMs }: OwnCourse): string {
  const gap = longestGapMs === null ? "" : `; the longest pause was ${timeText(longestGapMs)}`;
  const came =
    events === 0
      ? `${bytes} B came in ${countOf(arrivals, "piece")}`
      : `${countOf(events, "event")} came, ${most} at once at most`;
  return `${came}${gap}; whether they were sent so can't be told`;
}

/** What was seen of silence; a stream that isn't silent says little of it. */
function silenceIn(
  heard: Heard,
  { longestGapMs }: OwnCourse,
  boundMs: number,
): Pick<ThroughFinding, "status" | "found"> {
  const { end, head } = heard;
  const lastMs = lastHeardMs(heard);
  // It was listened to for so long since its head came.
  const untilMs = end?.atMs ?? (head?.atMs ?? lastMs) + boundMs;
  const survivedMs = Math.max(longestGapMs ?? 0, end === null ? untilMs - lastMs : 0);
  const lives = `live ${timeText(survivedMs)} at least`;
  if (end === null) return { status: "unknown", found: `${lives}: it wasn't silent for longer` };
  if (end.isOrderly) {
    const seen = longestGapMs === null ? "" : `; they ${lives}`;
    return { status: "unknown", found: `it ended by itself${seen}` };
  }
  return {
    status: "bad",
    found: `cut ${timeText(untilMs - lastMs)} after the last that came (${end.how}); by whom can't be told`,
  };
}
