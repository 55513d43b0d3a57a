import type { ScenarioSummary, Table } from "../summary.ts";
import { isFinding } from "./side.ts";

/** A scenario's tables without the findings that its atlas tells; tables of nothing else aren't there. */
export function figureTables({
  tables,
  atlases,
}: Pick<ScenarioSummary, "tables" | "atlases">): Table[] {
  if (atlases.length === 0) return [...tables];
  return tables
    .map((table) => {
      const kept = table.columns.map((column) => !isFinding(column));
      const isKept = (_: unknown, index: number): boolean => kept[index] === true;
      return {
        ...table,
        columns: table.columns.filter(isKept),
        rows: table.rows.map((row) => Object.assign({}, row, { cells: row.cells.filter(isKept) })),
      };
    })
    .filter(({ columns }) => columns.length > 0);
}
