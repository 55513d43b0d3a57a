import { shownIn } from "../cells.ts";
import type { Cell, Row } from "../cells.ts";
import type { Table } from "../summary.ts";
import { boundFlag, countedFlag } from "./held-tables.ts";
import type { HeldCell, HeldColumn, HeldTables } from "./held-tables.ts";

/** What the page's script needs of its tables. */
export function heldTables(tables: readonly Table[]): HeldTables {
  const subjects = [...new Set(tables.flatMap(({ rows }) => rows.map(subjectOf)))];
  const places = new Map(subjects.map((subject, place) => [subject, place]));
  return {
    subjects: subjects.map((subject) => JSON.parse(subject)),
    tables: tables.map(({ columns, rows }) => ({
      columns: columns.map(({ unit }, index) => heldColumn(unit, rows, index)),
      rows: rows.map((row) => [places.get(subjectOf(row)) ?? 0, row.cells.map(heldCell)]),
    })),
  };
}

function subjectOf({ variant, transport, reference, run }: Row): string {
  return JSON.stringify({ variant, transport, reference, run });
}

function heldColumn(unit: HeldColumn["unit"], rows: readonly Row[], index: number): HeldColumn {
  const shown = rows.flatMap(({ cells }) => {
    const cell = cells[index];
    return cell === undefined ? [] : (shownIn(cell) ?? []);
  });
  return { unit, most: shown.length === 0 ? null : Math.max(...shown) };
}

function heldCell({ estimate, atLeast, isRange }: Cell): HeldCell {
  if (estimate === null) return null;
  const { median, interval, trials, counted } = estimate;
  const flags = (counted ? countedFlag : 0) + (atLeast || isRange ? boundFlag : 0);
  const [middle = 0, ...ends] = [median, interval?.low ?? median, interval?.high ?? median].map(
    short,
  );
  return [middle, trials, flags, ...(ends.every((end) => end === middle) ? [] : ends)];
}

/** Far more digits than are ever shown. */
function short(value: number): number {
  return Number(value.toPrecision(8));
}
