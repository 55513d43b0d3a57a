import { wrapped } from "../../bench/text/wrapped.ts";
import { gridText } from "../grid.ts";
import type { ScenarioSummary } from "../summary.ts";
import { browserLegend, browserTables } from "./limits.ts";

export function browserLines(scenario: Pick<ScenarioSummary, "tables">, width: number): string[] {
  const tables = browserTables(scenario);
  if (tables.length === 0) return [];
  const lines = tables.flatMap(({ title, grid }) =>
    wrapped(title, "", width).concat(gridText(grid, 0, width, "words")),
  );
  return lines.concat(wrapped(browserLegend, "", width));
}
