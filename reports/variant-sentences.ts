import { signed, unitText } from "../bench/text/format.ts";
import { formatsOf } from "./cell-text.ts";
import { groupBy } from "./group-by.ts";
import { placedRows } from "./placed-rows.ts";
import { relativeTo } from "./relative.ts";
import type { ScenarioSummary, Table } from "./summary.ts";

/** More variants of a transport than these are only counted. */
const maxNamed = 7;

/** One figure of a variant that is told apart from that of the first of its group. */
interface Difference {
  /** By which a sentence calls the first of the group. */
  readonly base: string;
  /** What the variant has beyond its transport, such as `+tls`. */
  readonly beyond: string;
  /** `+22.0 B/msg`. */
  readonly text: string;
  readonly headline: boolean;
}

/**
 * What the variants of each transport add to the first of them, or take from it, in one sentence a transport: those
 * of the figures whose scenario says how they are told, as far as trials show a difference.
 */
export function variantSentences(
  scenarios: readonly ScenarioSummary[],
  run: string | null,
): string[] {
  const differences = scenarios.flatMap(({ tables }) =>
    tables.flatMap((table) => differencesIn(table, run)),
  );
  return [...groupBy(differences, ({ base }) => base)].map(([base, group]) => {
    const variants = [...groupBy(group, ({ beyond }) => beyond)].map(
      ([beyond, same]) => `${beyond}: ${headlinesFirst(same).join(", ")}`,
    );
    const more = variants.length - maxNamed;
    const named = [...variants.slice(0, maxNamed), ...(more > 0 ? [`${more} more`] : [])];
    return `Beside ${base}, ${named.join("; ")}.`;
  });
}

function headlinesFirst(differences: readonly Difference[]): string[] {
  return differences
    .toSorted((a, b) => Number(b.headline) - Number(a.headline))
    .map(({ text }) => text);
}

function differencesIn(table: Table, run: string | null): Difference[] {
  const formats = formatsOf(table);
  const rows = placedRows(
    table.rows.filter((row) => row.run === run),
    null,
  );
  return rows.flatMap(({ row, beyond, against }) =>
    table.columns.flatMap(({ unit, adds, headline }, index): Difference[] => {
      const [cell, format] = [row.cells[index], formats[index]];
      if (against === null || beyond === null || adds === null) return [];
      if (cell === undefined || format === undefined) return [];
      const told = relativeTo(against.row.cells[index], cell, format);
      const value = told?.apart === true ? signed(told.difference.value, format, told.step) : "0";
      if (value === "0") return [];
      const text = adds.replace("{value}", value + unitText(unit, format));
      return [{ base: against.row.title, beyond, text, headline }];
    }),
  );
}
