import type { ScenarioSummary, Table } from "../summary.ts";
import { isLimit, isOfLimits } from "../browser-limits/limits.ts";
import { isFinding } from "./side.ts";

/** A scenario's tables without what its atlas or its truth tables tell; tables of nothing else aren't there. */
export function figureTables({
  tables,
  atlases,
}: Pick<ScenarioSummary, "tables" | "atlases">): Table[] {
  const hasLimits = tables.some(isOfLimits);
  if (atlases.length === 0 && !hasLimits) return [...tables];
  const isTold = hasLimits ? isLimit : isFinding;
  return tables
    .map((table) => {
      const kept = table.columns.map((column) => !isTold(column));
      const isKept = (_: unknown, index: number): boolean => kept[index] === true;
      return {
        ...table,
        columns: table.columns.filter(isKept),
        rows: table.rows.map((row) => Object.assign({}, row, { cells: row.cells.filter(isKept) })),
      };
    })
    .filter(({ columns }) => columns.length > 0);
}
