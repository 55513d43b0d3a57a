import { whole } from "../text/format.ts";
import { ownCourse } from "./gathering.ts";
import { lastHeardMs } from "./heard.ts";
import type { Looked } from "./look.ts";
import type { ThroughFinding } from "./report.ts";
import { timeText } from "./time-text.ts";

/** What an endpoint's own stream tells, with no answering end behind it. */
export function ownFindings({ first, boundMs }: Looked): ThroughFinding[] {
  const { head, end } = first;
  const { arrivals, events, most, bytes, longestGapMs } = ownCourse(first);
  const encoding = head?.fields["content-encoding"];
  const gap = longestGapMs === null ? "" : `; the longest pause was ${timeText(longestGapMs)}`;
  const came =
    events === 0
      ? `${whole(bytes)} B came in ${whole(arrivals)} pieces`
      : `${whole(events)} events came, ${whole(most)} at once at most`;
  return [
    {
      key: "buffered",
      title: "buffered",
      status: "unknown",
      found: `${came}${gap}; whether they were sent so can't be told`,
      cures: [],
    },
    {
      key: "compressed",
      title: "compressed",
      status: encoding === undefined || encoding === "identity" ? "good" : "limited",
      found: encoding === undefined ? "not at all" : `by ${encoding}; by whom can't be told`,
      cures: [],
    },
    {
      key: "cut",
      title: "silent streams",
      ...ending(end === null ? null : end.atMs - lastHeardMs(first), end, longestGapMs, boundMs),
      cures: [],
    },
  ];
}

function ending(
  silentMs: number | null,
  end: { readonly how: string; readonly isOrderly: boolean } | null,
  longestGapMs: number | null,
  boundMs: number,
): Pick<ThroughFinding, "status" | "found"> {
  const survived =
    longestGapMs === null ? "" : `; ${timeText(longestGapMs)} of silence was survived`;
  if (silentMs === null || end === null) {
    return {
      status: "unknown",
      found: `was still open after ${timeText(boundMs)}${survived}; whether silence is cut can't be told from a stream that isn't silent`,
    };
  }
  if (end.isOrderly) {
    return { status: "unknown", found: `it ended by itself, so that can't be told${survived}` };
  }
  return {
    status: "bad",
    found: `cut ${timeText(silentMs)} after the last that came (${end.how}); by whom can't be told`,
  };
}
