import { differ } from "../../bench/results/statistics.ts";
import type { Stated } from "./milliseconds.ts";
import { orderTitles, rangeTitles, tieTitles } from "./titles.ts";
import type { Compared } from "./titles.ts";

/** What fits over a chart on two lines. */
const longestTitle = 120;

/**
 * The finding of a chart in a sentence without its full stop: who has how much, least first, and who can't
 * be told apart from the least. Short of room it names fewer. References are not compared with; and what
 * lies between two runs is mostly the time between them, so that of several it tells ranges only.
 */
export function comparisonTitle(compared: Compared, all: readonly Stated[]): string {
  const own = all.filter(({ subject }) => !subject.reference);
  const stated = (own.length > 0 ? own : all).toSorted(
    (a, b) => a.estimate.median - b.estimate.median,
  );
  const runs = new Set(stated.map(({ subject }) => subject.run)).size;
  return fitting(runs > 1 ? rangeTitles(compared, stated, runs) : titles(compared, stated));
}

/** For the notes: where differences of medians can't be judged. */
export function singleTrialNotes(stated: readonly Stated[]): string[] {
  const own = stated.filter(({ subject }) => !subject.reference);
  const compared = own.length > 1 && new Set(own.map(({ subject }) => subject.run)).size === 1;
  const single = compared && own.some(({ estimate }) => estimate.interval === null);
  return single ? ["Of a single trial there is no interval: the order may be chance."] : [];
}

/** The first that is short enough, or else the last. */
export function fitting(titles: readonly string[]): string {
  return titles.find((title) => title.length <= longestTitle) ?? titles.at(-1) ?? "";
}

function titles(compared: Compared, stated: readonly Stated[]): string[] {
  const [least, ...others] = stated;
  if (least === undefined) return [];
  const bounded = stated.some(({ atLeast }) => atLeast);
  const equals = bounded ? [] : others.filter((one) => !differ(one.estimate, least.estimate));
  const behind = others.filter((one) => !equals.includes(one));
  return equals.length > 0
    ? tieTitles(compared, least, equals, behind)
    : orderTitles(compared, stated);
}
