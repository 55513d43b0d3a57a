import { shownIn } from "../cells.ts";
import type { Cell } from "../cells.ts";
import type { Table } from "../summary.ts";
import { boundFlag, countedFlag } from "./held-tables.ts";
import type { HeldCell, HeldTable } from "./held-tables.ts";

/** What the page's script needs of a table. */
export function heldTable({ columns, rows }: Table): HeldTable {
  return {
    columns: columns.map(({ unit }, index) => {
      const shown = rows.flatMap(({ cells }) => {
        const cell = cells[index];
        return cell === undefined ? [] : (shownIn(cell) ?? []);
      });
      return { unit, most: shown.length === 0 ? null : Math.max(...shown) };
    }),
    rows: rows.map(({ variant, transport, reference, run, cells }) => ({
      variant,
      transport,
      reference,
      run,
      cells: cells.map(heldCell),
    })),
  };
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
