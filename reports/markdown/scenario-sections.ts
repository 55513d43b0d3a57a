import { figureTables } from "../atlas/figure-tables.ts";
import { atlasSections } from "../atlas/markdown.ts";
import { browserSections } from "../browser-limits/markdown.ts";
import type { Doubt } from "../doubts.ts";
import { Footnotes } from "../cell-text.ts";
import { shortListing } from "../../bench/text/format.ts";
import type { ScenarioSummary, Table } from "../summary.ts";
import { brief, escaped } from "./escaped.ts";
import { folded, notesOf } from "./sections.ts";
import type { Section } from "./sections.ts";
import { tableText } from "./table.ts";

/** More doubts than these are only counted, as are more variants that one concerns. */
const maxDoubts = 20;
const maxVariants = 6;

/** A scenario's main table, and its further ones folded; where there is an atlas, or are truth tables, these are the main ones. */
export function scenarioSections(scenario: ScenarioSummary, base: string | null): Section[] {
  const { about, workload, atlases } = scenario;
  const found = [...atlases.flatMap(atlasSections), ...browserSections(scenario)];
  const tables = figureTables(scenario);
  const name = escaped(brief(scenario.name, 60));
  const [main, ...others] = tables;
  const notes = new Footnotes();
  const head = `### ${escaped(`${brief(scenario.name, 60)}: ${brief(about, 200)}`)}`;
  const named = `the table of ${name}`;
  if (found.length > 0) {
    const lead = [head, escaped(brief(workload, 500))].join("\n\n");
    return [
      { name: named, text: lead, rank: 1 },
      ...found,
      ...(tables.length > 0 ? [furtherSection(scenario.name, tables, name, base)] : []),
    ];
  }
  const table = main === undefined ? [] : [tableText(main, notes, base)];
  const noted = notesOf(notes);
  const parts = [
    head,
    escaped(brief(workload, 500)),
    ...table,
    ...(noted.length > 0 ? [folded(`Notes on the table of ${scenario.name}`, noted)] : []),
  ];
  return [
    { name: named, text: parts.join("\n\n"), rank: 1 },
    ...(others.length > 0 ? [furtherSection(scenario.name, others, name, base)] : []),
  ];
}

function furtherSection(
  scenario: string,
  tables: readonly Table[],
  name: string,
  base: string | null,
): Section {
  const notes = new Footnotes();
  const shown = tables.flatMap((table) => [
    `**${escaped(`${brief(scenario, 60)}: ${brief(titleOf(table), 200)}`)}**`,
    tableText(table, notes, base),
  ]);
  const text = folded(`More of ${scenario}: ${tables.map(titleOf).join("; ")}`, [
    ...shown,
    ...notesOf(notes),
  ]);
  return { name: `the further tables of ${name}`, text, rank: 2 };
}

function titleOf({ title }: { readonly title: string }): string {
  return title === "" ? "figures" : brief(title, 100);
}

/** Why to doubt what a scenario found, with what to do about it; nothing where there is no reason. */
export function doubtSections({ name, doubts }: ScenarioSummary): Section[] {
  if (doubts.length === 0) return [];
  const shown = escaped(brief(name, 60));
  const more = doubts.length - maxDoubts;
  const items = doubts.slice(0, maxDoubts).map(doubtText);
  if (more > 0) items.push(`${more} more`);
  const text = [
    `### Warnings and invalid trials: ${shown}`,
    items.map((item) => `- ${item}`).join("\n"),
  ].join("\n\n");
  return [{ name: `warnings of ${shown}`, text, rank: 1 }];
}

function doubtText({ variants, run, text }: Doubt): string {
  const names = variants.map((variant) => brief(variant, 100));
  const whom = shortListing(names, maxVariants);
  const where = run === null ? whom : `${brief(run, 60)}, ${whom}`;
  return `**${escaped(where)}**: ${escaped(brief(text, 800))}`;
}
