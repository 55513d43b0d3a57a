import type { Estimate } from "../../bench/statistics/estimate.ts";
import { digits, whole } from "../../bench/text/format.ts";
import type { Point, Style } from "./chart.ts";
import { figureOf, reasonsOf } from "./source.ts";
import type { ChartSource, Subject, Unstated } from "./source.ts";

/** A subject's figure in milliseconds. */
export interface Stated {
  readonly subject: Subject;
  readonly estimate: Estimate;
  readonly atLeast: boolean;
}

const perMillisecond: Readonly<Record<string, number>> = { ns: 1e6, ms: 1 };

/** What a subject has for a figure that is a time. */
export function millisecondsOf(
  source: ChartSource,
  subject: Subject,
  key: string,
): Stated | Unstated {
  const stated = figureOf(source, subject, key);
  const divisor = perMillisecond[stated?.column.unit ?? ""];
  if (stated === null || divisor === undefined) return { subject, why: `doesn't state ${key}` };
  const { estimate, atLeast, remark } = stated.cell;
  if (estimate === null) return { subject, why: remark ?? `has no ${key}` };
  return { subject, estimate: mapped(estimate, (value) => value / divisor), atLeast };
}

/** Why a subject has none of some figures; null where it has one. */
export function whyUnstated(
  source: ChartSource,
  subject: Subject,
  keys: readonly string[],
): string | null {
  const figures = keys.map((key) => millisecondsOf(source, subject, key));
  if (figures.some((figure) => "estimate" in figure)) return null;
  return figures.flatMap((figure) => ("why" in figure ? [figure.why] : []))[0] ?? null;
}

/** For the notes: which of the subjects have no figure `name`, and why. */
export function unstatedNotes(name: string, figures: readonly (Stated | Unstated)[]): string[] {
  return reasonsOf(figures.filter((figure) => "why" in figure)).map(({ why, names, count }) => {
    const of = count === figures.length ? "" : ` of ${names}`;
    return `No ${name}${of}: ${why}.`;
  });
}

/** An estimate of what depends on this one alone, and grows with it. */
export function mapped(
  { median, interval, ...rest }: Estimate,
  change: (value: number) => number,
): Estimate {
  return {
    median: change(median),
    interval: interval && { ...interval, low: change(interval.low), high: change(interval.high) },
    ...rest,
  };
}

/** The median as a point with its interval. */
export function pointOf(
  at: number,
  { estimate, atLeast }: Pick<Stated, "estimate" | "atLeast">,
  unit: string,
  style: Style | null = null,
): Point {
  const { median, interval } = estimate;
  return {
    at,
    value: median,
    interval: interval && { low: interval.low, high: interval.high },
    detail: `${atLeast ? "at least this; " : ""}${intervalText(estimate, unit)}`,
    style,
  };
}

/** `0.806–0.820 ms, 75 % confidence, 3 trials`. */
function intervalText({ interval, trials }: Estimate, unit: string): string {
  if (interval === null) return "1 trial, so no interval";
  const [low, high] = [digits(interval.low), digits(interval.high)];
  const span = low === high ? `±0 ${unit} in the digits shown` : `${low}–${high} ${unit}`;
  return `${span}, ${whole(100 * interval.confidence)} % confidence, ${trials} trials`;
}
