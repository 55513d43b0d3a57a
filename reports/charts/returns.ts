import { mergedPercentiles, percentileNs } from "../../bench/results/percentile.ts";
import { sum } from "../../bench/statistics/basics.ts";
import { estimate } from "../../bench/statistics/estimate.ts";
import { countOf } from "../../bench/text/format.ts";
import { phasesOf } from "../cost/stated.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import type { Stated } from "./estimates.ts";
import { aboutChart, headlineKey } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";

const told = {
  opening: "Half of the clients receive again within",
  where: "Until half of the clients receive again:",
  unit: "ms",
};

interface Returns {
  /** Clients that lost their connection, each as often as it did. */
  readonly lost: number;
  readonly points: readonly Point[];
}

/** How many of the clients that lost their connection had a message again after how long: all valid trials together. */
export function returns(source: ChartSource): Chart | null {
  const key = headlineOfReturns(source);
  if (key === null) return null;
  const known = new Map<Subject, Returns>();
  const { subjects, notes } = drawnSubjects(source, (subject) => {
    const found = returnsOf(subject, key);
    if (found.points.length === 0)
      return found.lost === 0 ? "nobody was cut off" : "nobody came back";
    known.set(subject, found);
    return null;
  });
  if (subjects.length === 0) return null;
  const stated = subjects.flatMap((subject) => halfOf(subject, key));
  return {
    ...aboutChart(
      source,
      "returns",
      "Clients that receive again after they lost their connection, all valid trials of a variant taken together",
    ),
    title: comparisonTitle(told, stated),
    kind: "line",
    along: axisOf("since the client noticed, ms", "ms", "log"),
    value: axisOf("clients that receive again, %", "%", "linear"),
    series: subjects.map((subject) => ({
      name: subject.name,
      style: subject.style,
      points: known.get(subject)?.points ?? [],
    })),
    notes: [
      "A line ends with the last client that came back; the title's figures are medians over trials.",
      ...singleTrialNotes(stated),
      ...notes,
    ],
  };
}

/** Until half of a subject's clients received again, of which the headline figure may be another than that. */
function halfOf(subject: Subject, key: string): Stated[] {
  const values = phasesOf(subject.trials, key).flatMap(({ absences }) => {
    const ns = absences === undefined ? null : percentileNs(absences.untilReceiving, 0.5);
    return ns === null ? [] : [ns / 1e6];
  });
  const found = estimate(values);
  return found === null ? [] : [{ subject, estimate: found, atLeast: false }];
}

/** The headline figure, where that was measured while clients were away. */
export function headlineOfReturns(source: ChartSource): string | null {
  const key = headlineKey(source);
  const isAbout = source.subjects.some(({ trials }) =>
    phasesOf(trials, key ?? "").some(({ absences }) => absences !== undefined),
  );
  return isAbout ? key : null;
}

const steps = 50;

function returnsOf({ trials }: Subject, key: string): Returns {
  const absences = phasesOf(trials, key).flatMap((phase) => phase.absences ?? []);
  const lost = sum(absences.map(({ count }) => count));
  const { count, recordedNs } = mergedPercentiles(
    absences.map(({ untilReceiving }) => untilReceiving),
  );
  const most = Math.min(steps, count);
  const shares = Array.from({ length: most }, (_, index) => (index + 1) / most);
  const points = shares.flatMap((share): Point[] => {
    const ns = recordedNs(share);
    if (ns === null || ns <= 0) return [];
    const value = (share * count * 100) / lost;
    const detail = `of ${countOf(lost, "cut")} in ${countOf(trials.length, "trial")}`;
    return [{ at: ns / 1e6, value, interval: null, detail, style: null }];
  });
  return { lost, points };
}
