import { axisOf } from "../../reports/charts/chart.ts";
import type { Chart, Point, Series } from "../../reports/charts/chart.ts";
import { digits, digitsFormat, signed } from "../../bench/text/format.ts";
import { sum } from "../../bench/statistics/basics.ts";
import { medianCourse, warmUpShare } from "./judge.ts";
import type { SoakRecord, SoakedRun } from "./record.ts";

const mib = 1_048_576;

/** So many points over the time of a soak. */
const mostPoints = 12;

/** The memory of each run's processes over time. */
export function soakChart(record: SoakRecord): Chart {
  const { minutes, clients, cutEverySeconds } = record;
  const everyMs = (minutes * 60_000) / mostPoints;
  const series = record.runs.map((run, index): Series => ({
    name: run.name,
    style: { colour: index, dash: index, marker: index },
    points: pointsOf(run, everyMs),
  }));
  const gained = series.flatMap(({ points }) => gainOf(points, minutes * warmUpShare) ?? []);
  const [least, most] = [Math.min(...gained), Math.max(...gained)].map((value) =>
    signed(value, digitsFormat("")),
  );
  return {
    scenario: "soak",
    name: "soak-memory",
    title: `From minute ${(minutes * warmUpShare).toFixed(0)} to ${minutes}, the processes of a run gained ${least} to ${most} MiB`,
    caption: `Memory of their own that all processes of a run have together, over time; ${clients} clients, cut every ${cutEverySeconds} s. Medians of ${digits(minutes / mostPoints)} minutes.`,
    kind: "line",
    along: axisOf("minutes", "min", "linear"),
    value: axisOf("own memory of all processes, MiB", "MiB", "linear"),
    series,
    notes: [],
  };
}

function pointsOf({ processes }: SoakedRun, everyMs: number): Point[] {
  const fromMs = Math.min(...processes.flatMap(({ atMs }) => atMs[0] ?? []));
  const courses = processes.map(({ atMs, anonymousBytes }) =>
    medianCourse(atMs, anonymousBytes, { fromMs, everyMs }),
  );
  return Array.from({ length: mostPoints }, (_, stretch) => stretch * everyMs).map((sinceMs) => ({
    at: (sinceMs + everyMs / 2) / 60_000,
    value:
      sum(
        courses.flatMap((course) => course.find((each) => each.sinceMs === sinceMs)?.median ?? []),
      ) / mib,
    interval: null,
    detail: "",
    style: null,
  }));
}

/** From the first point that is judged to the last; null without points. */
function gainOf(points: readonly Point[], fromMinute: number): number | null {
  const judged = points.filter(({ at }) => at >= fromMinute);
  const [first, last] = [judged[0], judged.at(-1)];
  return first === undefined || last === undefined ? null : last.value - first.value;
}
