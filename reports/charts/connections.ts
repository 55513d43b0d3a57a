import { listing, round } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Axis, Chart, Mark } from "./chart.ts";
import { singleTrialNotes } from "./titles.ts";
import { broadcastTitle, memoryTitle, endsOf } from "./connection-titles.ts";
import type { Line } from "./connection-titles.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { mapped, pointOf } from "./estimates.ts";
import { aboutChart, seriesOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

/** A chart of the figures `<key>.at<clients>`. */
interface Kind {
  readonly key: string;
  readonly name: string;
  readonly caption: string;
  readonly value: Axis;
  readonly along: "linear" | "log";
  /** In how many of the figure's units one of the axis is. */
  readonly perUnit: number;
  readonly notes: readonly string[];
  title(source: ChartSource, lines: readonly Line[]): string;
}

/** The memory of the server with each number of clients. */
export function connectionMemory(source: ChartSource): Chart | null {
  return chartOf(source, {
    key: "memory",
    name: "memory",
    caption: "Resident memory of the server with each number of clients, median over trials",
    value: { ...axisOf("server memory, MB", "MB", "linear"), floating: true },
    along: "linear",
    perUnit: 1,
    notes: [
      "What rises with the number of clients is the connections', the rest the server's own.",
    ],
    title: memoryTitle,
  });
}

/** Until the last of each number of clients has one message. */
export function connectionBroadcast(source: ChartSource): Chart | null {
  return chartOf(source, {
    key: "broadcast",
    name: "broadcast",
    caption: "Time until the last of each number of clients has one message, median over trials",
    value: axisOf("time until the last client has it, ms", "ms", "log"),
    along: "log",
    perUnit: 1e6,
    notes: [],
    title: broadcastTitle,
  });
}

function chartOf(source: ChartSource, kind: Kind): Chart | null {
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    lineOf(source, subject, kind).points.length > 0 ? null : whyNone(source, subject, kind.key),
  );
  const lines = subjects.map((subject) => lineOf(source, subject, kind));
  const numbers = new Set(lines.flatMap(({ points }) => points.map(({ clients }) => clients)));
  if (numbers.size < 2) return null;
  const incomplete = [...new Set(lines.flatMap((line) => line.incomplete))];
  return {
    ...aboutChart(source, kind.name, kind.caption),
    title: kind.title(source, lines),
    kind: "line",
    along: axisOf("clients connected", "clients", kind.along),
    value: kind.value,
    series: lines.map(({ subject, points }) => ({
      name: subject.name,
      style: subject.style,
      points: points.map((point) => pointOf(point.clients, point, kind.value.unit)),
    })),
    marks: marksOf(source, lines),
    notes: [
      ...kind.notes,
      ...(incomplete.length > 0
        ? [`Left out because only some trials held so many: ${listing(incomplete.map(round))}.`]
        : []),
      ...singleTrialNotes(lines.flatMap(({ points }) => points.slice(-1))),
      ...notes,
    ],
  };
}

function lineOf(
  source: ChartSource,
  subject: Subject,
  { key, perUnit, value }: Pick<Kind, "key" | "perUnit" | "value">,
): Line {
  const stated = seriesOf(source, subject, key);
  return {
    subject,
    points: stated.flatMap(({ at: clients, cell: { estimate, atLeast } }) =>
      estimate === null || (value.scale === "log" && estimate.median <= 0)
        ? []
        : [{ clients, subject, estimate: mapped(estimate, (value) => value / perUnit), atLeast }],
    ),
    incomplete: stated.flatMap(({ at, cell }) =>
      isIncomplete(subject, key, at, cell) ? [at] : [],
    ),
  };
}

/** Some trials stopped before that number of clients: there is no figure over all of them. */
function isIncomplete(
  { trials }: Subject,
  key: string,
  at: number,
  { estimate }: { readonly estimate: unknown },
): boolean {
  return (
    estimate === null &&
    trials.some(({ figures }) =>
      figures.some((figure) => figure.key === `${key}.at${at}` && figure.value !== null),
    )
  );
}

function whyNone(source: ChartSource, subject: Subject, key: string): string {
  const [first] = seriesOf(source, subject, key);
  return first?.cell.remark ?? "held no number of clients";
}

function marksOf(source: ChartSource, lines: readonly Line[]): Mark[] {
  const ends = lines.flatMap(({ subject, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ subject, at: last.clients, value: last.estimate.median }];
  });
  return endsOf(source, ends);
}
