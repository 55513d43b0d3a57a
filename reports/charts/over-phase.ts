import type { Phase } from "../../bench/results/schema.ts";
import { isBeyondClocks } from "../../bench/results/clock-bound.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import { countOf } from "../../bench/text/format.ts";
import { phasesOf } from "../cost/stated.ts";
import { axisOf } from "./chart.ts";
import type { Axis, Chart, Point } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { aboutChart, headlineKey } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { fitting, listTitles } from "./titles.ts";

/** Something of which each phase keeps a value for each step of its time. */
interface Kept {
  readonly stepMs: number;
  /** Null where there was nothing in that time. */
  readonly values: readonly (number | null)[];
}

interface Kind {
  readonly name: string;
  readonly caption: string;
  readonly value: Axis;
  /** What the title puts before and behind the highest value of each variant. */
  readonly told: { readonly opening: string; readonly unit: string };
  /** Why a variant that keeps nothing isn't drawn. */
  readonly without: string;
  /** Null where nothing is kept. */
  kept(phase: Phase): Kept | null;
}

/** How many clients dial in each second, while a server is away and after it has come back. */
export function dialsOverTime(source: ChartSource): Chart | null {
  return chartOf(source, {
    name: "dials",
    caption: "Dials per second of clients that lost their connection, median over trials",
    value: axisOf("dials per second", "/s", "linear"),
    told: { opening: "At most", unit: "dials per second" },
    without: "its dials weren't counted over time",
    kept: ({ absences, restarts = [] }) => {
      if (absences?.course === undefined || restarts.length === 0) return null;
      const { stepMs, dials } = absences.course;
      return { stepMs, values: dials.map((count) => (count * 1_000) / stepMs) };
    },
  });
}

/** How late messages arrive on average, by when they were due, while clients lose their connections and come back. */
export function latenessOverTime(source: ChartSource): Chart | null {
  return chartOf(source, {
    name: "lateness",
    caption: "Mean latency of what arrives, by when it was due, median over trials",
    value: axisOf("mean latency of deliveries, ms", "ms", "log"),
    told: { opening: "What is latest takes on average", unit: "ms" },
    without: "nobody was cut off",
    kept: ({ absences, clockBoundNs = 0, timeline: { sliceMs, slices } }) =>
      absences === undefined || absences.count === 0
        ? null
        : {
            stepMs: sliceMs,
            values: slices.map(({ meanNs }) =>
              meanNs === null || isBeyondClocks(meanNs, clockBoundNs) ? null : meanNs / 1e6,
            ),
          },
  });
}

/** The memory of the server while some clients don't read. */
export function memoryOverTime(source: ChartSource): Chart | null {
  return chartOf(source, {
    name: "memory-over-time",
    caption: "What the server holds in its heap and buffers, garbage included, median over trials",
    value: axisOf("server's heap and buffers, MB", "MB", "linear"),
    told: { opening: "The server holds at most", unit: "MB" },
    without: "its server's memory wasn't watched",
    kept: ({ memoryCourse }) =>
      memoryCourse === undefined
        ? null
        : {
            stepMs: memoryCourse.stepMs,
            values: memoryCourse.heapBytes.map((bytes) => bytes / 1e6),
          },
  });
}

function chartOf(source: ChartSource, kind: Kind): Chart | null {
  const key = headlineKey(source);
  if (key === null) return null;
  const keptBy = ({ trials }: Subject): Kept[] =>
    phasesOf(trials, key).flatMap((phase) => kind.kept(phase) ?? []);
  if (!source.subjects.some((subject) => keptBy(subject).length > 0)) return null;
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    keptBy(subject).length > 0 ? null : kind.without,
  );
  if (subjects.length === 0) return null;
  const lines = subjects.map((subject) => ({ subject, points: pointsOf(keptBy(subject)) }));
  return {
    ...aboutChart(source, kind.name, kind.caption),
    title: titleOf(lines, kind),
    kind: "line",
    along: axisOf("since the start of the phase, s", "s", "linear"),
    value: kind.value,
    series: lines.map(({ subject: { name, style }, points }) => ({ name, style, points })),
    notes,
  };
}

/** One for each step of which any trial has a value; one that a trial lacks is none. */
function pointsOf(kept: readonly Kept[]): Point[] {
  const stepMs = Math.max(...kept.map((one) => one.stepMs));
  const steps = Math.max(...kept.map(({ values }) => values.length));
  return Array.from({ length: steps }).flatMap((_, step) => {
    const values = kept.flatMap((one) => one.values[step] ?? []);
    const value = medianOf(values);
    if (value === null) return [];
    const detail = countOf(values.length, "trial");
    return [{ at: (step * stepMs) / 1_000, value, interval: null, detail, style: null }];
  });
}

function titleOf(
  lines: readonly { readonly subject: Subject; readonly points: readonly Point[] }[],
  { told }: Kind,
): string {
  const most = lines.map(({ subject, points }) => ({
    subject,
    estimate: {
      median: Math.max(...points.map((point) => point.value)),
      interval: null,
      trials: subject.trials.length,
      counted: false,
    },
    atLeast: false,
  }));
  return fitting(listTitles(told, most));
}
