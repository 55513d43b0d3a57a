import { groupBy } from "../group-by.ts";
import { differ } from "../../bench/statistics/between.ts";
import { bestOf } from "../ranking.ts";
import { digits, round, shortListing } from "../../bench/text/format.ts";
import { comparisonTitle, fitting } from "./titles.ts";
import { mapped } from "./estimates.ts";
import type { Stated } from "./estimates.ts";
import { figureOf, nameInText } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import type { Compared } from "./titles.ts";
import type { Mark } from "./chart.ts";

/** A line over the numbers of clients that were held. */
export interface Line {
  readonly subject: Subject;
  readonly points: readonly (Stated & { readonly clients: number })[];
  /** Numbers of clients that only some trials have. */
  readonly incomplete: readonly number[];
}

/** What a connection costs; where no slope is known, how much memory there was with the most clients. */
export function memoryTitle(source: ChartSource, lines: readonly Line[]): string {
  const stated = lines.flatMap(({ subject }): Stated[] => {
    const cell = figureOf(source, subject, "memory")?.cell;
    if (cell?.estimate == null) return [];
    const estimate = mapped(cell.estimate, (bytes) => bytes / 1_000);
    return [{ subject, estimate, atLeast: cell.atLeast }];
  });
  const opening = "A connection costs the server";
  const own = stated.filter(({ subject }) => !subject.reference);
  if (own.length > 0) {
    const where = "In server memory for a connection";
    return fitting([
      ...likeTitles(opening, own),
      comparisonTitle({ opening, where, unit: "kB" }, own),
    ]);
  }
  return lastTitle(lines, (clients) => ({
    opening: `With ${clients} clients the server has`,
    where: `With ${clients} clients`,
    unit: "MB",
  }));
}

/** Of several variants none of which can be told apart from the least; nothing where one can. */
function likeTitles(opening: string, stated: readonly Stated[]): string[] {
  const [least, ...others] = stated.toSorted((a, b) => a.estimate.median - b.estimate.median);
  const most = others.at(-1);
  if (least === undefined || most === undefined || others.length < 2) return [];
  const runs = new Set(stated.map(({ subject }) => subject.run)).size;
  const judged = bestOf(stated, "lower") !== null && runs === 1;
  if (!judged || others.some(({ estimate }) => differ(estimate, least.estimate))) return [];
  const [low, high] = [digits(least.estimate.median), digits(most.estimate.median)];
  const apart = "no variant can be told apart from the least";
  return [
    `${opening} ${low} to ${high} kB; ${apart}, ${nameInText(least.subject)}`,
    `${opening} ${low} to ${high} kB; ${apart}`,
  ];
}

/** How long it took with the most clients. */
export function broadcastTitle(_source: ChartSource, lines: readonly Line[]): string {
  return lastTitle(lines, (clients) => ({
    opening: `All of ${clients} clients have a message after`,
    where: `Broadcast to ${clients}:`,
    unit: "ms",
  }));
}

/** Compares at the largest number of clients that the most of them held. */
function lastTitle(lines: readonly Line[], compared: (clients: string) => Compared): string {
  const own = lines.filter(({ subject }) => !subject.reference);
  const judged = own.length > 0 ? own : lines;
  const held = groupBy(
    judged.flatMap(({ points }) => points),
    ({ clients }) => clients,
  );
  const most = Math.max(...[...held.values()].map(({ length }) => length));
  const clients = Math.max(...[...held].flatMap(([at, { length }]) => (length === most ? at : [])));
  return comparisonTitle(compared(round(clients)), held.get(clients) ?? []);
}

/** Where a line ends. */
export interface End {
  readonly subject: Subject;
  readonly at: number;
  readonly value: number;
}

/**
 * A mark at each line's end: how many clients were held, and what stopped the next one. Those that ended at
 * the same place for the same reason have one mark together, at the highest of their ends. Floors have one
 * only if theirs is the others'.
 */
export function endsOf(source: ChartSource, ends: readonly End[]): Mark[] {
  const groups = groupBy(ends, ({ at, subject }) =>
    JSON.stringify([at, reasonOf(source, subject)]),
  );
  return [...groups.values()].flatMap((same): Mark[] => {
    const highest = same.reduce((a, b) => (b.value > a.value ? b : a));
    const own = same.filter(({ subject }) => !subject.reference);
    if (own.length === 0) return [];
    const all = same.length === ends.length && ends.length > 1;
    const who = all ? "all" : shortListing(own.map(({ subject }) => nameInText(subject)));
    return [
      {
        at: highest.at,
        value: highest.value,
        text: `${who} held ${reasonOf(source, highest.subject)}`,
      },
    ];
  });
}

/** `at least 1000 (--max-connections)`, `12 288 (EMFILE, server)`. */
function reasonOf(source: ChartSource, subject: Subject): string {
  const held = figureOf(source, subject, "held")?.cell;
  const stopped = figureOf(source, subject, "stopped")?.cell.text ?? null;
  const number = held?.estimate == null ? "so many" : round(held.estimate.median);
  const bound = held?.atLeast === true ? "at least " : "";
  return `${bound}${number}${stopped === null ? "" : ` (${stopped})`}`;
}
