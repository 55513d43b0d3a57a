import type { Phase } from "../../bench/results/schema.ts";
import { digits } from "../../bench/text/format.ts";
import { phasesOf } from "../cost/stated.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point, Series } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import type { Stated } from "./estimates.ts";
import { aboutChart, headlineKey } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { fitting, listTitles } from "./titles.ts";

type Course = NonNullable<Phase["tokens"]>["courses"][number];

const told = { opening: "The latest token of an answer comes", unit: "ms after it was due" };

/**
 * When the tokens of one answer came, over when they were due. What is passed on as it comes lies on the diagonal; what
 * something holds back comes in stairs, whose treads are as long as it holds them.
 */
export function tokenArrivals(source: ChartSource): Chart | null {
  const key = headlineKey(source);
  if (key === null) return null;
  const courses = new Map(
    source.subjects.flatMap((subject): [Subject, Course][] => {
      const course = courseOf(subject, key);
      return course === null ? [] : [[subject, course]];
    }),
  );
  if (courses.size === 0) return null;
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    courses.has(subject) ? null : "no answer of it was kept token by token",
  );
  const lines = subjects.flatMap((subject): Series[] => {
    const course = courses.get(subject);
    const { name, style } = subject;
    return course === undefined ? [] : [{ name, style, points: pointsOf(course) }];
  });
  return {
    ...aboutChart(
      source,
      "arrivals",
      "One answer of each variant, token by token, in its first valid trial",
    ),
    title: titleOf(subjects, courses),
    kind: "line",
    along: axisOf("token due after its request was, ms", "ms", "linear"),
    value: axisOf("token arrived after its request was due, ms", "ms", "linear"),
    series: [...lines, diagonal([...courses.values()])],
    notes: [
      "On the diagonal tokens come when they are due; level stretches are tokens that came together.",
      ...notes,
    ],
  };
}

/** The first that was kept, of the first client. */
function courseOf({ trials }: Subject, key: string): Course | null {
  const [course] = phasesOf(trials, key).flatMap(({ tokens }) => tokens?.courses ?? []);
  return course !== undefined && course.arrivedMs.some((ms) => ms !== null) ? course : null;
}

function pointsOf({ dueMs, arrivedMs }: Course): Point[] {
  return dueMs.flatMap((due, token): Point[] => {
    const arrived = arrivedMs[token] ?? null;
    if (arrived === null) return [];
    const detail = `token ${token + 1}, ${digits(arrived - due)} ms late`;
    return [{ at: due, value: arrived, interval: null, detail, style: null }];
  });
}

function diagonal(courses: readonly Course[]): Series {
  const ends = courses.flatMap(({ dueMs }) => [dueMs[0] ?? 0, dueMs.at(-1) ?? 0]);
  const points = [Math.min(...ends), Math.max(...ends)].map((ms): Point => ({
    at: ms,
    value: ms,
    interval: null,
    detail: "",
    style: null,
    between: true,
  }));
  return { name: "when due", style: { colour: "floor", dash: 1, marker: 0 }, points };
}

function titleOf(subjects: readonly Subject[], courses: ReadonlyMap<Subject, Course>): string {
  const latest = subjects.flatMap((subject): Stated[] => {
    const late = lateness(courses.get(subject));
    if (late.length === 0) return [];
    const estimate = { median: Math.max(...late), interval: null, trials: 1, counted: false };
    return [{ subject, estimate, atLeast: false }];
  });
  return fitting(listTitles(told, latest));
}

function lateness(course: Course | undefined): number[] {
  return (course?.dueMs ?? []).flatMap((due, token) => {
    const arrived = course?.arrivedMs[token] ?? null;
    return arrived === null ? [] : [arrived - due];
  });
}
