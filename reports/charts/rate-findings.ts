import { groupBy } from "../group-by.ts";
import { differ } from "../../bench/statistics/between.ts";
import { round, shortListing } from "../../bench/text/format.ts";
import { comparisonTitle, fitting } from "./titles.ts";
import { crossingsOf } from "./crossings.ts";
import type { Crossing } from "./crossings.ts";
import type { Stated } from "./estimates.ts";
import type { RateLine } from "./rate-lines.ts";
import { nameInText } from "./source.ts";

/**
 * Crossings of the fitted lines of one run, as far as the measured rates on either side of each bear them
 * out: who is lower there is so beyond what the intervals leave open. Floors take no part. Those come first
 * that matter most: where the fewest others are lower still.
 */
export function provenCrossings(lines: readonly RateLine[]): Crossing<RateLine>[] {
  const own = lines.filter(({ subject }) => !subject.reference);
  const proven = [...new Set(own.map(({ subject }) => subject.run))].flatMap((run) => {
    const same = own.filter(({ subject }) => subject.run === run);
    const rates = ratesOf(same);
    const curves = same.map((line) => ({ owner: line, at: (rate: number) => line.at(rate) }));
    return crossingsOf(curves, Math.min(...rates), Math.max(...rates)).filter(
      ({ at, lower, higher }) => {
        const common = commonRates(lower, higher);
        const before = common.findLast((rate) => rate <= at);
        const after = common.find((rate) => rate >= at);
        return (
          before !== undefined &&
          after !== undefined &&
          isLower(higher, lower, before) &&
          isLower(lower, higher, after)
        );
      },
    );
  });
  return proven.toSorted((a, b) => placeOf(a, own) - placeOf(b, own));
}

function commonRates(one: RateLine, other: RateLine): number[] {
  return one.measured
    .map(({ messagesPerSecond }) => messagesPerSecond)
    .filter((rate) => other.measured.some(({ messagesPerSecond }) => messagesPerSecond === rate));
}

function isLower(one: RateLine, other: RateLine, rate: number): boolean {
  const [a] = statedAt(one, rate);
  const [b] = statedAt(other, rate);
  if (a === undefined || b === undefined) return false;
  return differ(a.estimate, b.estimate) && a.estimate.median < b.estimate.median;
}

export function statedAt({ subject, measured }: RateLine, rate: number): Stated[] {
  return measured.flatMap(({ messagesPerSecond, estimate }) =>
    messagesPerSecond === rate ? [{ subject, estimate, atLeast: false }] : [],
  );
}

/**
 * Who takes the fewest bytes, as long as there is one, and where another becomes the lower one of two: of the
 * crossings the one in which most is at stake. Else how they stand at the `usual` rate.
 */
export function rateTitle(
  lines: readonly RateLine[],
  crossings: readonly Crossing<RateLine>[],
  usual: number,
  what: string,
): string {
  const own = lines.filter(({ subject }) => !subject.reference);
  const where = `At ${round(usual)} msg/s`;
  const standing = comparisonTitle(
    { opening: `${where}, ${what}, a client takes`, where: `${where}, ${what},`, unit: "B/s" },
    lines.flatMap((line) => statedAt(line, usual)),
  );
  // What lies between two runs is mostly the time between them.
  const comparable = own.length > 1 && new Set(own.map(({ subject }) => subject.run)).size === 1;
  return fitting([...(comparable ? orderTitles(own, crossings) : []), standing]);
}

function orderTitles(
  lines: readonly RateLine[],
  crossings: readonly Crossing<RateLine>[],
): string[] {
  const rates = ratesOf(lines);
  const leads = (line: RateLine, rate: number): boolean =>
    lines.every((other) => other === line || isLower(line, other, rate));
  const leader = lines.find((line) => rates.every((rate) => leads(line, rate)));
  const lowest = toldCrossings(crossings).slice(0, 1);
  if (leader === undefined) return lowest.map(({ text }) => text);
  const span = `${round(rates[0] ?? 0)} to ${round(rates.at(-1) ?? 0)} msg/s`;
  const alone = `${nameInText(leader.subject)} takes the fewest bytes from ${span}`;
  return [...lowest.map(({ shortText }) => `${alone}; ${shortText}`), alone];
}

/** Every rate that was measured, lowest first. */
export function ratesOf(lines: readonly RateLine[]): number[] {
  const rates = lines.flatMap(({ measured }) =>
    measured.map(({ messagesPerSecond }) => messagesPerSecond),
  );
  return [...new Set(rates)].toSorted((a, b) => a - b);
}

/** How many are lower where two cross: none is what matters most. */
function placeOf({ at, value }: Crossing<RateLine>, lines: readonly RateLine[]): number {
  return lines.filter((line) => line.at(at) < value * (1 - 1e-6)).length;
}

/** Crossings in which one variant becomes lower than several at about the same rate are told together. */
export interface ToldCrossing {
  /** The first of them. */
  readonly crossing: Crossing<RateLine>;
  readonly text: string;
  /** Where bytes were spoken of before. */
  readonly shortText: string;
}

export function toldCrossings(crossings: readonly Crossing<RateLine>[]): ToldCrossing[] {
  const groups = groupBy(crossings, (crossing) =>
    JSON.stringify([crossing.lower.subject.name, rateText(crossing)]),
  );
  return [...groups.values()].flatMap((same) => {
    const [crossing] = same;
    if (crossing === undefined) return [];
    const lower = nameInText(crossing.lower.subject);
    const highers = shortListing(same.map(({ higher }) => nameInText(higher.subject)));
    const from = `than ${highers} from about ${rateText(crossing)} msg/s`;
    return [
      {
        crossing,
        text: `${lower} takes fewer bytes ${from}`,
        shortText: `${lower} takes fewer ${from}`,
      },
    ];
  });
}

/** As exact as a fit is to be believed. */
function rateText({ at }: Crossing<RateLine>): string {
  return round(Number(at.toPrecision(2)));
}
