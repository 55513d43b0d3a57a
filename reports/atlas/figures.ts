import { formatsOf, textOf } from "../cell-text.ts";
import { unitText } from "../../bench/text/format.ts";
import type { ScenarioSummary } from "../summary.ts";
import { figureTables } from "./figure-tables.ts";
import type { PlacedCell } from "./placed-atlas.ts";

/** Rows of a table: a label, then the figure of each side of a cell. */
export type CellFigures = readonly (readonly string[])[];

/** Every figure that a scenario's tables have of a cell; a figure that no side has is left out. */
export function figuresOf(
  scenario: Pick<ScenarioSummary, "tables" | "atlases">,
  run: string | null,
): (cell: PlacedCell) => CellFigures {
  const tables = figureTables(scenario).map((table) => {
    const { title, columns, rows } = table;
    const own = rows.filter((row) => row.run === run);
    const byVariant = new Map(own.map(({ variant, cells }) => [variant, cells]));
    return { title, columns, byVariant, formats: formatsOf(table) };
  });
  return ({ sides }) =>
    tables.flatMap(({ title, columns, formats, byVariant }) => {
      const cells = sides.map((side) => byVariant.get(side?.variant ?? ""));
      return columns.flatMap(({ label, unit }, index) => {
        const format = formats[index];
        const texts = cells.map((own) => {
          const cell = own?.[index];
          if (cell === undefined) return "";
          const { figure, below, remark } = textOf(cell, format);
          const beside = [...below.texts, ...(remark === null ? [] : [remark])].join("; ");
          const behind =
            cell.estimate === null || format === undefined ? "" : unitText(unit, format);
          return beside === "" ? figure + behind : `${figure}${behind} (${beside})`;
        });
        const isThere = cells.some((own) => {
          const cell = own?.[index];
          return cell !== undefined && (cell.estimate ?? cell.invalid ?? cell.text) !== null;
        });
        const name = `${title === "" ? "" : `${title}: `}${label.replaceAll("\n", " ")}`;
        return isThere ? [[name, ...texts]] : [];
      });
    });
}
