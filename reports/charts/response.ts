import { percentileNs } from "../../bench/results/percentile.ts";
import type { Phase } from "../../bench/results/schema.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import { countOf, digits, round, shortListing } from "../../bench/text/format.ts";
import { groupBy } from "../group-by.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Mark, Point, Series } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { aboutChart, figureOf, nameInText } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { comparisonTitle, fitting, listTitles, singleTrialNotes } from "./titles.ts";
import { millisecondsOf } from "./estimates.ts";
import type { Stated } from "./estimates.ts";

/** More of them would cover the lines. */
const maxMarks = 8;

/** Of so many, a title can tell each. */
const maxNamed = 4;

const shares = { p50: { q: 0.5, text: "half" }, p99: { q: 0.99, text: "99 %" } } as const;

/**
 * Latency over the load that was offered, at each rate that a search has tried: as long as the server keeps up, nearly
 * level, and then steep. What is too late by then, is so by how long a rate was tried.
 */
export function response(percentile: "p50" | "p99"): (source: ChartSource) => Chart | null {
  const { text } = shares[percentile];
  return (source) => {
    const { subjects, notes } = drawnSubjects(source, (subject) =>
      pointsOf(subject, percentile).length < 2 ? "tried at fewer than two rates" : null,
    );
    const drawn = subjects.filter((subject) => objectiveOf(source, subject) !== null);
    if (drawn.length === 0) return null;
    const lines = drawn.map((subject) => ({
      name: subject.name,
      style: subject.style,
      points: pointsOf(subject, percentile),
    }));
    return {
      ...aboutChart(
        source,
        `response-${percentile}`,
        `What ${text} of the deliveries take (${percentile}) at each load that was tried, median over trials`,
      ),
      ...(percentile === "p99" ? limited(source, drawn, lines) : halfOf(source, drawn, lines)),
      kind: "line",
      along: axisOf("deliveries offered per second", "deliveries/s", "log"),
      value: axisOf(`delivery latency (${percentile}), ms`, "ms", "log"),
      notes: [
        "Beyond what is served, messages queue: how late they are there, depends on how long each load lasted.",
        ...(percentile === "p99" ? limitNotes(source, drawn) : []),
        ...lossNotes(drawn),
        ...singleTrialNotes(drawn.flatMap((subject) => servedBy(source, subject) ?? [])),
        ...notes,
      ],
    };
  };
}

/** What is special about a chart. */
type Drawn = Pick<Chart, "title" | "series" | "marks">;

/** With the objective, how much each served within it. */
function limited(
  source: ChartSource,
  subjects: readonly Subject[],
  lines: readonly Series[],
): Drawn {
  const served = subjects.flatMap((subject) => servedBy(source, subject) ?? []);
  const objectiveMs = leastObjectiveOf(source, subjects);
  return {
    title: titleOf(served, objectiveMs),
    series: [...lines, lineAt(objectiveMs, lines)],
    marks: marksOf(served),
  };
}

function halfOf(
  source: ChartSource,
  subjects: readonly Subject[],
  lines: readonly Series[],
): Drawn {
  const stated = subjects.flatMap((subject) => {
    const figure = millisecondsOf(source, subject, "served.p50");
    return "estimate" in figure ? [figure] : [];
  });
  const opening = "At the highest load served, half arrive within";
  const where = "At the highest load served";
  const title = comparisonTitle({ opening, where, unit: "ms" }, stated);
  return { title: title === "" ? nothingServed : title, series: lines, marks: [] };
}

const nothingServed = "No load was served in time";

function leastObjectiveOf(source: ChartSource, subjects: readonly Subject[]): number {
  return Math.min(...subjects.flatMap((subject) => objectiveOf(source, subject) ?? []));
}

/** The deliveries that a phase was to make in a second. */
function offeredIn({ rate, deliveries }: Phase): number {
  return rate === null ? 0 : (rate.intended * deliveries.expected) / deliveries.intended;
}

/** In each trial, the last time that a load was tried; over them, the median. */
function pointsOf({ trials }: Subject, percentile: "p50" | "p99"): Point[] {
  const tried = trials.flatMap(({ phases }) => [
    ...new Map(attemptsIn(phases).map((phase) => [Math.round(offeredIn(phase)), phase])),
  ]);
  const { q } = shares[percentile];
  return [...groupBy(tried, ([load]) => load)]
    .flatMap(([load, same]): Point[] => {
      const values = same.flatMap(([, { latency }]) => percentileNs(latency.delivery, q) ?? []);
      const [median, low, high] = [medianOf(values), Math.min(...values), Math.max(...values)];
      if (median === null || low <= 0 || load <= 0) return [];
      const interval = values.length === 1 ? null : { low: low / 1e6, high: high / 1e6 };
      const of = `of ${countOf(values.length, "trial")}`;
      const detail =
        interval === null ? of : `${digits(low / 1e6)}–${digits(high / 1e6)} ms, ${of}`;
      return [{ at: load, value: median / 1e6, interval, detail, style: null }];
    })
    .toSorted((one, other) => one.at - other.at);
}

function attemptsIn(phases: readonly Phase[]): Phase[] {
  return phases.filter(
    ({ isAttempt, deliveries }) => isAttempt === true && deliveries.intended > 0,
  );
}

/** Within how many milliseconds 99 % had to arrive; null where no such search was made. */
function objectiveOf(source: ChartSource, subject: Subject): number | null {
  return figureOf(source, subject, "response.objective")?.cell.estimate?.median ?? null;
}

function servedBy(source: ChartSource, subject: Subject): Stated | null {
  const cell = figureOf(source, subject, "throughput")?.cell;
  if (cell?.estimate == null) return null;
  return { subject, estimate: cell.estimate, atLeast: cell.atLeast };
}

function titleOf(served: readonly Stated[], objectiveMs: number): string {
  if (served.length === 0) return nothingServed;
  const opening = `99 % arrive within ${round(objectiveMs)} ms up to`;
  const each = listTitles({ opening, unit: "deliveries/s" }, served);
  const loads = served.map(({ estimate }) => estimate.median);
  const range = [Math.min(...loads), Math.max(...loads)].map(digits).join(" to ");
  const more = served.some(({ atLeast }) => atLeast) ? " or more" : "";
  return fitting([
    ...(served.length <= maxNamed ? each.slice(0, 1) : []),
    `${opening} ${range} deliveries/s${more} with ${served.length} variants`,
  ]);
}

/** A line across, at what all had to keep. */
function lineAt(objectiveMs: number, lines: readonly Series[]): Series {
  const loads = lines.flatMap(({ points }) => points.map(({ at }) => at));
  const detail = "";
  const ends = [Math.min(...loads), Math.max(...loads)];
  return {
    name: "objective",
    style: { colour: "floor", dash: 1, marker: 0 },
    points: ends.map((at) => ({
      at,
      value: objectiveMs,
      interval: null,
      detail,
      style: null,
      between: true,
    })),
  };
}

/** At the highest load that each served. */
function marksOf(served: readonly Stated[]): Mark[] {
  if (served.length > maxMarks) return [];
  return served.flatMap(({ subject, estimate, atLeast }) => {
    const load = estimate.median;
    const nearest = pointsOf(subject, "p99").toSorted(
      (one, other) => Math.abs(one.at - load) - Math.abs(other.at - load),
    )[0];
    if (nearest === undefined) return [];
    const { at, value } = nearest;
    return [{ at, value, text: `${atLeast ? "≥ " : ""}${digits(load)}` }];
  });
}

/** What kept each from more. */
function limitNotes(source: ChartSource, subjects: readonly Subject[]): string[] {
  const limits = subjects.map((subject) => ({
    name: nameInText(subject),
    limit: figureOf(source, subject, "limit")?.cell.text ?? "unknown",
  }));
  const told = [...groupBy(limits, ({ limit }) => limit)].map(
    ([limit, same]) => `${limit} (${shortListing(same.map(({ name }) => name))})`,
  );
  return [`What the limit was: ${told.join(", ")}.`, ...longerNotes(source, subjects)];
}

/** Clients that poll have their interval on top. */
function longerNotes(source: ChartSource, subjects: readonly Subject[]): string[] {
  const objectiveMs = leastObjectiveOf(source, subjects);
  const longer = subjects.flatMap((subject) => {
    const own = objectiveOf(source, subject) ?? objectiveMs;
    return own > objectiveMs ? [`${nameInText(subject)} ${digits(own)} ms`] : [];
  });
  return longer.length === 0
    ? []
    : [`With the interval of their polls on top, some may take longer: ${shortListing(longer)}.`];
}

/** Latencies are those of what arrived. */
function lossNotes(subjects: readonly Subject[]): string[] {
  const losing = subjects.filter(({ trials }) =>
    trials.some(({ phases }) => attemptsIn(phases).some(({ deliveries }) => deliveries.lost !== 0)),
  );
  return losing.length === 0
    ? ["No delivery was lost."]
    : [
        `Some deliveries were lost at loads that weren't served, so that they have no latency: ${shortListing(losing.map(nameInText))}.`,
      ];
}
