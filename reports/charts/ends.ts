import { round, shortListing } from "../../bench/text/format.ts";
import type { Mark } from "./chart.ts";
import { figureOf, nameInText } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

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
  const groups = new Map<string, End[]>();
  for (const end of ends) {
    const key = JSON.stringify([end.at, reasonOf(source, end.subject)]);
    groups.set(key, [...(groups.get(key) ?? []), end]);
  }
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
