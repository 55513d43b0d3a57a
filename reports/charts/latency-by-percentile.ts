import { phasesOf } from "../cost/stated.ts";
import { beyondClocks, isBeyondClocks, maxClockShare } from "../../bench/results/clock-bound.ts";
import { mergedPercentiles } from "../../bench/results/percentile.ts";
import type { MergedPercentiles } from "../../bench/results/percentile.ts";
import { percentileName, whole, countOf } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point } from "./chart.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { lossNotes } from "./loss.ts";
import { aboutChart } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { highestInCommon } from "./stated-percentiles.ts";

const key = "delivery.p50";
const stepsPerDecade = 12;

interface Sample {
  readonly merged: MergedPercentiles;
  readonly trials: number;
  /** How far clocks that tell it may be apart; 0 where one does. */
  readonly clockBoundNs: number;
}

/** Delivery latency of all valid trials together, from the fastest deliveries to the slowest that are told. */
export function latencyByPercentile(source: ChartSource): Chart | null {
  const samples = new Map<Subject, Sample>();
  const { subjects, notes } = drawnSubjects(source, (subject) => {
    const phases = phasesOf(subject.trials, key);
    if (phases.length === 0) return `doesn't state ${key}`;
    const merged = mergedPercentiles(phases.map(({ latency }) => latency.delivery));
    const clockBoundNs = Math.max(...phases.map((phase) => phase.clockBoundNs ?? 0));
    const sample = { merged, trials: phases.length, clockBoundNs };
    if (merged.valueNs(0.5) === null) return "too few deliveries";
    if (pointsOf(sample).length === 0) return beyondClocks;
    samples.set(subject, sample);
    return null;
  });
  const figures = highestInCommon(source, subjects);
  if (subjects.length === 0) return null;
  return {
    ...aboutChart(
      source,
      "percentiles",
      "Delivery latency by percentile, all valid trials of a variant taken together",
    ),
    title:
      figures === null || figures.stated.length === 0
        ? "Delivery latency by percentile"
        : comparisonTitle(figures.told, figures.stated),
    kind: "line",
    along: axisOf("share of deliveries that took no longer, %", "", "percentile"),
    value: axisOf("delivery latency, ms", "ms", "log"),
    series: subjects.flatMap((subject) => {
      const sample = samples.get(subject);
      if (sample === undefined) return [];
      return [{ name: subject.name, style: subject.style, points: pointsOf(sample) }];
    }),
    notes: [
      ...([...samples.values()].some(({ clockBoundNs }) => clockBoundNs > 0) ? [beginning] : []),
      "A line ends where fewer than ten deliveries were slower; the title's figures are medians over trials.",
      ...lossNotes(subjects, key),
      ...singleTrialNotes(figures?.stated ?? []),
      ...notes,
    ],
  };
}

const beginning = `A line begins where the clocks of its machines may be apart by ${100 * maxClockShare} % or less.`;

function pointsOf({ merged, trials, clockBoundNs }: Sample): Point[] {
  return positionsUpTo(merged.count / 10).flatMap((at) => {
    const valueNs = merged.valueNs(1 - 1 / at);
    if (valueNs === null || valueNs <= 0 || isBeyondClocks(valueNs, clockBoundNs)) return [];
    return [
      {
        at,
        value: valueNs / 1e6,
        interval: null,
        detail: `${percentileName(at)} of ${whole(merged.count)} deliveries in ${countOf(trials, "trial")}`,
        style: null,
      },
    ];
  });
}

/** Evenly spread as the axis is, with the percentiles that people name, up to what the sample supports. */
function positionsUpTo(most: number): number[] {
  const steps = Math.floor(Math.log10(most) * stepsPerDecade + 1e-9);
  const even = Array.from({ length: Math.max(0, steps) }, (_, index) =>
    Number((10 ** ((index + 1) / stepsPerDecade)).toPrecision(12)),
  );
  return [...new Set([...even, 2, most])].filter((at) => at <= most).toSorted((a, b) => a - b);
}
