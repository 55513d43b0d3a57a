import { differ, isRanked } from "../../bench/statistics/estimate.ts";
import { bestOf } from "../ranking.ts";
import type { Stated } from "./estimates.ts";
import { listTitles, orderTitles, rangeTitles, tieTitles } from "./titles.ts";
import type { Compared } from "./titles.ts";

/** What fits over a chart on two lines. */
const longestTitle = 120;

/**
 * The finding of a chart in a sentence without its full stop: who has how much, least first, and who can't
 * be told apart from the least. Short of room it names fewer. References are not compared with; what lies
 * between two runs is mostly the time between them, so that of several it tells ranges only; and single
 * trials of a timing are in the order in which they stand.
 */
export function comparisonTitle(compared: Compared, all: readonly Stated[]): string {
  const own = all.filter(({ subject }) => !subject.reference);
  const given = own.length > 0 ? own : all;
  const stated = given.toSorted((a, b) => a.estimate.median - b.estimate.median);
  const runs = new Set(stated.map(({ subject }) => subject.run)).size;
  if (runs > 1) {
    const ordered = isOrdered(given);
    return fitting(rangeTitles(compared, ordered ? stated : given, runs, ordered));
  }
  return fitting(isOrdered(given) ? titles(compared, stated) : listTitles(compared, given));
}

/** For the notes: where differences of medians can't be judged. */
export function singleTrialNotes(stated: readonly Stated[]): string[] {
  const own = stated.filter(({ subject }) => !subject.reference);
  const compared = own.length > 1 && new Set(own.map(({ subject }) => subject.run)).size === 1;
  return compared && own.some(({ estimate }) => !isRanked(estimate))
    ? ["A single trial says nothing of how much trials differ: timings can't be ranked by it."]
    : [];
}

/** Whether they may be told in order: of bounds and single trials of a timing there is none. */
function isOrdered(stated: readonly Stated[]): boolean {
  return stated.length < 2 || bestOf(stated, "lower") !== null;
}

/** The first that is short enough, or else the last. */
export function fitting(titles: readonly string[]): string {
  return titles.find((title) => title.length <= longestTitle) ?? titles.at(-1) ?? "";
}

function titles(compared: Compared, stated: readonly Stated[]): string[] {
  const [least, ...others] = stated;
  if (least === undefined) return [];
  const equals = others.filter((one) => !differ(one.estimate, least.estimate));
  const behind = others.filter((one) => !equals.includes(one));
  return equals.length > 0
    ? tieTitles(compared, least, equals, behind)
    : orderTitles(compared, stated);
}
