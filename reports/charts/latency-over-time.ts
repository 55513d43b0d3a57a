import { countOf, digits } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Mark, Series } from "./chart.ts";
import { fitting, listTitles, titleName } from "./titles.ts";
import { courseOf, stallMeaning, stallsOf } from "./course.ts";
import type { Course, Slice, Stall } from "./course.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { lossNotes } from "./loss.ts";
import { aboutChart } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

const key = "delivery.p50";
const maxMarks = 3;

/**
 * The worst delivery of each slice of the phase, over all valid trials: so that a stall in one of them is
 * seen, and not averaged away.
 */
export function latencyOverTime(source: ChartSource): Chart | null {
  const known = new Map<Subject, Course>();
  const { subjects, notes } = drawnSubjects(source, (subject) => {
    const course = courseOf(subject, key);
    if (course === null) return "no deliveries over time";
    known.set(subject, course);
    return null;
  });
  const courses = subjects.flatMap((subject) => known.get(subject) ?? []);
  if (courses.length === 0) return null;
  const found = courses.map(stallsOf);
  const stalls = found
    .flatMap((some) => some ?? [])
    .toSorted((a, b) => b.worst.worstMs - a.worst.worstMs);
  const told = found.every((some) => some !== null);
  return {
    ...aboutChart(
      source,
      "over-time",
      `The worst delivery of each ${widths(courses)}, over all valid trials`,
    ),
    title: titleOf(courses, stalls, told),
    kind: "line",
    along: axisOf("message due, seconds from the start of the phase", "s", "linear"),
    value: axisOf("worst delivery latency, ms", "ms", "log"),
    series: courses.map(seriesOf),
    marks: stalls.slice(0, maxMarks).map(markOf),
    notes: [...(told ? [stallMeaning] : []), ...lossNotes(subjects, key), ...notes],
  };
}

function seriesOf({ subject, slices, sliceMs, messageEveryMs, trials }: Course): Series {
  // A message every second leaves slices of 100 ms empty without anything amiss.
  const apart = Math.max(1, Math.ceil(messageEveryMs / sliceMs));
  return {
    name: subject.name,
    style: subject.style,
    points: slices
      .filter(({ worstMs }) => worstMs > 0)
      .map((slice) => ({
        at: slice.atMs / 1_000,
        value: slice.worstMs,
        interval: null,
        detail: detailOf(slice, trials),
        style: null,
      })),
    gapsBeyond: ((apart + 0.5) * sliceMs) / 1_000,
  };
}

function detailOf({ deliveries, trials, meanMs, worstIn }: Slice, all: number): string {
  const of = `worst of ${countOf(deliveries, "delivery", "deliveries")}`;
  const over = trials === all ? countOf(all, "trial") : `${trials} of ${all} trials`;
  const where = all === 1 ? "" : `, in trial ${worstIn}`;
  return `${of} in ${over}${where}; mean ${digits(meanMs)} ms`;
}

function widths(courses: readonly Course[]): string {
  const widths = [...new Set(courses.map(({ sliceMs }) => sliceMs))].toSorted((a, b) => a - b);
  return `${widths.map(digits).join(" or ")} ms`;
}

function markOf({ course, worst }: Stall): Mark {
  return {
    at: worst.atMs / 1_000,
    value: worst.worstMs,
    text: `${course.subject.name}: ${digits(worst.worstMs)} ms`,
  };
}

/** `told`: whether all courses are long enough to tell stalls. */
function titleOf(courses: readonly Course[], stalls: readonly Stall[], told: boolean): string {
  const [longest] = stalls;
  return fitting(
    longest === undefined
      ? worstTitles(courses, told ? "No stall: the worst delivery took" : "The worst delivery took")
      : stallTitles(longest, stalls.length),
  );
}

function stallTitles({ course, worst }: Stall, stalls: number): string[] {
  const head = stalls === 1 ? "A stall" : `${stalls} stalls, the longest`;
  const trial = course.trials === 1 ? "" : ` of trial ${worst.worstIn}`;
  const due = `a delivery due ${digits(worst.atMs / 1_000)} s into the phase${trial}`;
  const took = `${due} took ${digits(worst.worstMs)} ms`;
  return [`${head} with ${titleName(course.subject)}: ${took}`, `${head}: ${took}`];
}

function worstTitles(courses: readonly Course[], opening: string): string[] {
  const own = courses.filter(({ subject }) => !subject.reference);
  const worst = (own.length > 0 ? own : courses).map(({ subject, slices, trials }) => ({
    subject,
    estimate: {
      median: Math.max(...slices.map((slice) => slice.worstMs)),
      interval: null,
      trials,
      counted: false,
    },
    atLeast: false,
  }));
  return listTitles({ opening, unit: "ms" }, worst);
}
