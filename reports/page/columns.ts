import { columnFormat } from "../../bench/text/format.ts";
import type { ColumnFormat } from "../../bench/text/format.ts";
import { shownIn } from "../summary.ts";
import type { Table } from "../summary.ts";

/** How each column of a table is written, from all that it shows. */
export function formatsOf({ columns, rows }: Table): ColumnFormat[] {
  return columns.map(({ unit }, index) =>
    columnFormat(
      unit,
      rows.flatMap(({ cells }) => {
        const cell = cells[index];
        return cell === undefined ? [] : (shownIn(cell) ?? []);
      }),
    ),
  );
}
