import { axisOf } from "./chart.ts";
import type { Chart, Series } from "./chart.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { lossNotes } from "./loss.ts";
import { pointOf, millisecondsOf, unstatedNotes, whyUnstated } from "./estimates.ts";
import { aboutChart, rowsOf } from "./source.ts";
import type { ChartSource } from "./source.ts";
import { statedPercentiles } from "./stated-percentiles.ts";

/** Each percentile's median over trials, with its interval: rows of variants, a marker for each percentile. */
export function latencyByVariant(source: ChartSource): Chart | null {
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    whyUnstated(
      source,
      subject,
      statedPercentiles.map(({ key }) => key),
    ),
  );
  const columns = statedPercentiles.map((percentile, marker) => ({
    percentile,
    marker,
    figures: subjects.map((subject) => millisecondsOf(source, subject, percentile.key)),
  }));
  const [lowest] = columns.flatMap(({ percentile, figures }) => {
    const stated = figures.filter((figure) => "estimate" in figure);
    return stated.length === 0 ? [] : [{ told: percentile.told, stated }];
  });
  if (lowest === undefined) return null;
  return {
    ...aboutChart(
      source,
      "by-variant",
      "Delivery latency: median over trials of each percentile, with its interval",
    ),
    title: comparisonTitle(lowest.told, lowest.stated),
    kind: "dots",
    along: rowsOf(subjects),
    value: axisOf("delivery latency, ms", "ms", "log"),
    series: columns
      .map(({ percentile, marker, figures }): Series => ({
        name: percentile.label,
        style: { colour: "floor", dash: 0, marker },
        points: figures.flatMap((figure, at) =>
          // Only a file that was tampered with has times that a logarithmic axis can't show.
          "estimate" in figure && (figure.estimate.interval?.low ?? figure.estimate.median) > 0
            ? [pointOf(at, figure, "ms", { ...figure.subject.style, marker })]
            : [],
        ),
      }))
      .filter(({ points }) => points.length > 0),
    notes: [
      ...columns.flatMap(({ percentile, figures }) => unstatedNotes(percentile.name, figures)),
      ...lossNotes(subjects, "delivery.p50"),
      ...singleTrialNotes(lowest.stated),
      ...notes,
    ],
  };
}
