import { groupBy } from "../group-by.ts";
import { differ, isRanked } from "../../bench/statistics/between.ts";
import { bestOf } from "../ranking.ts";
import { digits, listing, countOf } from "../../bench/text/format.ts";
import type { Stated } from "./estimates.ts";
import { nameInText } from "./source.ts";
import type { Subject } from "./source.ts";

const maxNamed = 4;

/** What is compared, less of which is better. */
export interface Compared {
  /** What a value is put behind: `Half of the deliveries arrive within`. */
  readonly opening: string;
  /** Of what variants can't be told apart: `at p50`. */
  readonly where: string;
  readonly unit: string;
}

/** What fits over a chart on two lines. */
const maxTitleLength = 120;

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
    ? ["A single trial doesn't show how much trials differ: timings can't be ranked by it."]
    : [];
}

/** Whether they may be told in order: of bounds and single trials of a timing there is none. */
function isOrdered(stated: readonly Stated[]): boolean {
  return stated.length < 2 || bestOf(stated, "lower") !== null;
}

/** The first that is short enough, or else the last. */
export function fitting(titles: readonly string[]): string {
  return titles.find((title) => title.length <= maxTitleLength) ?? titles.at(-1) ?? "";
}

function titles(compared: Compared, stated: readonly Stated[]): string[] {
  const [least, ...others] = stated;
  if (least === undefined) return [];
  const equals = others.filter(({ estimate }) => !differ(estimate, least.estimate));
  const behind = others.filter((figure) => !equals.includes(figure));
  return equals.length > 0
    ? tieTitles(compared, least, equals, behind)
    : orderTitles(compared, stated);
}

// Sentences without their full stops that say the same, those first that tell more and are longer.

/** Who has how much, least first and judging nothing. */
function orderTitles(
  { opening, unit }: Pick<Compared, "opening" | "unit">,
  all: readonly Stated[],
): string[] {
  const stated = all.toSorted((a, b) => a.estimate.median - b.estimate.median);
  const [least, second, ...others] = stated;
  const most = stated.at(-1);
  if (least === undefined || most === undefined) return [];
  const start = `${opening} ${valueOf(least)} ${unit}`;
  const withName = (figure: Stated): string => `with ${titleName(figure.subject)}`;
  const valued = (figure: Stated): string => `${valueOf(figure)} ${withName(figure)}`;
  if (second === undefined) return [`${start} ${withName(least)}`, start];
  const head = `${start} ${withName(least)}`;
  return [
    ...(stated.length <= maxNamed
      ? [listing([head, ...[second, ...others].map((figure) => valued(figure))])]
      : []),
    ...(others.length > 1 ? [`${head}, ${valued(second)} and up to ${valued(most)}`] : []),
    `${head} and up to ${valued(most)}`,
    `${start} with the least of ${stated.length} variants, and ${valueOf(most)} with the most`,
  ];
}

/** Who has how much, in the order in which they are given: nobody is ranked. */
export function listTitles(
  { opening, unit }: Pick<Compared, "opening" | "unit">,
  stated: readonly Stated[],
): string[] {
  const [first, ...others] = stated;
  if (first === undefined) return [];
  const valued = (figure: Stated): string => `${valueOf(figure)} with ${titleName(figure.subject)}`;
  const start = `${opening} ${valueOf(first)} ${unit}`;
  const all = listing([`${start} with ${titleName(first.subject)}`, ...others.map(valued)]);
  return [
    ...(stated.length <= maxNamed ? [all] : []),
    `${opening} ${rangeOf(stated)} ${unit} with ${stated.length} variants`,
  ];
}

/** Who can't be told apart from the least, and how far behind the others are, each least first. */
function tieTitles(
  { where, unit }: Compared,
  least: Stated,
  equals: readonly Stated[],
  behind: readonly Stated[],
): string[] {
  const most = behind.at(-1);
  if (equals.length === 0) return [];
  const named = (figure: Stated, suffix = ""): string =>
    `${titleName(figure.subject)} (${valueOf(figure)}${suffix})`;
  const apart = "can't be told apart";
  const lead = `${where} ${titleName(least.subject)} has ${valueOf(least)} ${unit}`;
  const names = listing(equals.map((figure) => named(figure)));
  const all =
    equals.length === 1
      ? `${where} ${named(least, ` ${unit}`)} and ${names} ${apart}`
      : `${lead}; ${names} ${apart} from it`;
  const others = countOf(equals.length, "other");
  const counted = `${lead}; ${others} ${apart} from it`;
  const nameless = `${where} ${others} ${apart} from the least, ${valueOf(least)} ${unit}`;
  if (most === undefined) return [all, counted, nameless];
  const each = listing(
    behind.map((figure, index) =>
      [titleName(figure.subject), ...(index === 0 ? ["has"] : []), valueOf(figure)].join(" "),
    ),
  );
  const end = `the rest have up to ${valueOf(most)} with ${titleName(most.subject)}`;
  const ends = [...(behind.length <= 2 ? [each] : []), ...(behind.length > 1 ? [end] : [])];
  const full = [all, counted].flatMap((tied) => ends.map((rest) => `${tied}; ${rest}`));
  return [...full, all, counted, nameless];
}

/** The ranges of several runs; the one that reaches furthest only of what is in order, least first. */
function rangeTitles(
  { opening, unit }: Compared,
  stated: readonly Stated[],
  runs: number,
  isOrdered: boolean,
): string[] {
  const variants = groupBy(stated, ({ subject }) => subject.row.title);
  const ranges = [...variants].map(([variant, same]) => ({ variant, range: rangeOf(same) }));
  const [least, ...others] = ranges;
  const most = others.find(({ variant }) => variant === stated.at(-1)?.subject.row.title);
  if (least === undefined) return [];
  const start = `${opening} ${least.range} ${unit}`;
  const end = `, over ${runs} runs`;
  const head = `${start} with ${least.variant}`;
  const valued = ({ variant, range }: (typeof ranges)[number]): string =>
    `${range} with ${variant}`;
  return [
    ...(ranges.length <= maxNamed ? [`${listing([head, ...others.map(valued)])}${end}`] : []),
    ...(isOrdered && most !== undefined ? [`${head} and up to ${valued(most)}${end}`] : []),
    `${opening} ${rangeOf(stated)} ${unit}${end} of ${ranges.length} variants`,
  ];
}

/** As a title names a subject. */
export function titleName(subject: Subject): string {
  return subject.reference ? `${nameInText(subject)}, the floor` : nameInText(subject);
}

/** From the least to the most. */
function rangeOf(stated: readonly Stated[]): string {
  const inOrder = stated.toSorted((a, b) => a.estimate.median - b.estimate.median);
  const ends = [inOrder.at(0), inOrder.at(-1)].flatMap((figure) =>
    figure === undefined ? [] : [valueOf(figure)],
  );
  return [...new Set(ends)].join("–");
}

function valueOf({ estimate, atLeast }: Stated): string {
  return `${atLeast ? "at least " : ""}${digits(estimate.median)}`;
}
