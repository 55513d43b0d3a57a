import { axisOf } from "./chart.ts";
import type { Chart } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { mapped, pointOf } from "./estimates.ts";
import type { Stated } from "./estimates.ts";
import { aboutChart, seriesOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";

/** What 99 % of the messages take over the share of packets that is lost, at one round trip. */
export function latencyOverLoss(roundTripMs: number): (source: ChartSource) => Chart | null {
  return (source) => {
    const line = (subject: Subject): (Stated & { readonly at: number })[] =>
      lineOf(source, subject, `p99.rtt${roundTripMs}`);
    const { subjects, notes } = drawnSubjects(source, (subject) =>
      line(subject).length > 0 ? null : "has no p99",
    );
    const lines = subjects.map((subject) => ({ subject, points: line(subject) }));
    const losses = lines.flatMap(({ points }) => points.map(({ at }) => at));
    if (new Set(losses).size < 2) return null;
    const most = Math.max(...losses);
    const atMost = lines.flatMap(({ points }) => points.filter(({ at }) => at === most));
    const where = `With ${most} % of packets lost`;
    return {
      ...aboutChart(
        source,
        `loss-${roundTripMs}ms`,
        `What 99 % of the messages take (p99) at a round trip of ${roundTripMs} ms, median over trials`,
      ),
      title: comparisonTitle({ opening: `${where} 99 % arrive within`, where, unit: "ms" }, atMost),
      kind: "line",
      along: axisOf("packets lost each way, %", "%", "linear"),
      value: axisOf("delivery latency (p99), ms", "ms", "linear"),
      series: lines.map(({ subject, points }) => ({
        name: subject.name,
        style: subject.style,
        points: points.map((point) => pointOf(point.at, point, "ms")),
      })),
      notes: [...singleTrialNotes(atMost), ...notes],
    };
  };
}

function lineOf(
  source: ChartSource,
  subject: Subject,
  key: string,
): (Stated & { readonly at: number })[] {
  return seriesOf(source, subject, key).flatMap(({ at, cell: { estimate, atLeast } }) =>
    estimate === null
      ? []
      : [{ at, subject, estimate: mapped(estimate, (ns) => ns / 1e6), atLeast }],
  );
}
