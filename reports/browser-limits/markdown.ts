import { brief, escaped } from "../markdown/escaped.ts";
import type { Section } from "../markdown/sections.ts";
import { gridText } from "../markdown/table.ts";
import type { ScenarioSummary } from "../summary.ts";
import { browserLegend, browserTables } from "./limits.ts";

export function browserSections(scenario: ScenarioSummary): Section[] {
  const tables = browserTables(scenario);
  if (tables.length === 0) return [];
  const shown = tables.flatMap(({ title, grid }) => {
    const cells = grid.map((row) => row.map((text) => escaped(brief(text, 100))));
    return [`**${escaped(brief(title, 100))}**`, gridText(cells, cells[0]?.length ?? 0)];
  });
  const name = `limits of browsers in ${escaped(brief(scenario.name, 60))}`;
  return [{ name, text: [...shown, escaped(browserLegend)].join("\n\n"), rank: 1 }];
}
