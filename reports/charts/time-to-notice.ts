import { listing } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { millisecondsOf, pointOf } from "./estimates.ts";
import type { Stated } from "./estimates.ts";
import { aboutChart, figureOf, nameInText, seriesOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";

/** What heartbeats take against how soon a client notices by them that the server is silent. */
export function timeToNotice(source: ChartSource): Chart | null {
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    pointsOf(source, subject).length > 0 ? null : "no client notices, or the bytes aren't known",
  );
  const intervals = subjects.flatMap((subject) =>
    seriesOf(source, subject, "heartbeats").map(({ at }) => at),
  );
  const inOrder = [...new Set(intervals)].toSorted((a, b) => a - b);
  const usual = inOrder[Math.floor(inOrder.length / 2)];
  if (usual === undefined) return null;
  const series = subjects.map((subject) => ({
    name: subject.name,
    style: subject.style,
    points: pointsOf(source, subject),
  }));
  const bytes = subjects.flatMap((subject) => bytesAt(source, subject, usual) ?? []);
  return {
    ...aboutChart(
      source,
      "time-to-notice",
      "Time until half of the clients notice that the server is silent, over what an idle client takes; " +
        "a point for each heartbeat interval, medians over trials",
    ),
    title: comparisonTitle(
      {
        opening: `A heartbeat, or a poll, every ${usual} ms takes`,
        where: `With a heartbeat every ${usual} ms,`,
        unit: "B/h",
      },
      bytes,
    ),
    kind: "line",
    along: axisOf("bytes that an idle client takes per hour, B", "B", "log"),
    value: axisOf("time until half of the clients notice, ms", "ms", "log"),
    series,
    notes: [...serverNotes(source, subjects, usual), ...singleTrialNotes(bytes), ...notes],
  };
}

/** Fewest bytes first. */
function pointsOf(source: ChartSource, subject: Subject): Point[] {
  return seriesOf(source, subject, "heartbeats")
    .flatMap(({ at, cell: { estimate } }): Point[] => {
      const noticed = millisecondsOf(source, subject, `noticed.client.at${at}`);
      const isDrawn = estimate !== null && estimate.median > 0 && "estimate" in noticed;
      if (!isDrawn || noticed.atLeast) return [];
      const point = pointOf(estimate.median, noticed, "ms");
      return [{ ...point, detail: `every ${at} ms; ${point.detail}` }];
    })
    .toSorted((a, b) => a.at - b.at);
}

function bytesAt(source: ChartSource, subject: Subject, interval: number): Stated | null {
  const estimate = figureOf(source, subject, `heartbeats.at${interval}`)?.cell.estimate ?? null;
  return estimate && { subject, estimate, atLeast: false };
}

function serverNotes(
  source: ChartSource,
  subjects: readonly Subject[],
  interval: number,
): string[] {
  const unaware = subjects.filter((subject) => {
    const noticed = millisecondsOf(source, subject, `noticed.server.at${interval}`);
    return "estimate" in noticed && noticed.atLeast;
  });
  if (unaware.length === 0) return [];
  return [
    `The server doesn't notice that clients are silent with ${listing(unaware.map(nameInText))}.`,
  ];
}
