import { npxCommand } from "../bench/text/command-name.ts";
import { Footnotes } from "./cell-text.ts";
import { clientLibraries } from "./client-libraries.ts";
import { legendOf } from "./legend.ts";
import { brief, escaped } from "./markdown/escaped.ts";
import { notesOf, fitted } from "./markdown/sections.ts";
import type { Section } from "./markdown/sections.ts";
import {
  betweenSections,
  commandSections,
  environmentSection,
  headSections,
} from "./markdown/run-sections.ts";
import { doubtSections, scenarioSections } from "./markdown/scenario-sections.ts";
import { tableText } from "./markdown/table.ts";
import { overviewOf } from "./overview.ts";
import { defineReport } from "./report.ts";
import type { RenderOptions } from "./report.ts";
import type { Run } from "./run.ts";
import { findings } from "./sentences.ts";
import { summarise } from "./summary.ts";
import type { Summary, Table } from "./summary.ts";
import type { Cell } from "./cells.ts";

/** GitHub takes 65 536 characters for a comment, in which something else may stand, too. */
const maxCharacters = 64_900;

/** For a pull request's comment: what was found first, details folded, never too long. */
export const markdown = defineReport({
  render(runs: readonly Run[], { base = null }: Pick<RenderOptions, "base"> = {}) {
    const summary = summarise(runs);
    const sections = [
      ...headSections(runs),
      ...findingSections(runs, summary),
      ...overviewSections(summary, base),
      ...betweenSections(runs),
      ...summary.scenarios.flatMap((scenario) => scenarioSections(scenario, base)),
      ...clientSections(clientLibraries(runs, summary)),
      ...summary.scenarios.flatMap(doubtSections),
      environmentSection(runs),
      ...commandSections(runs),
    ];
    const elsewhere = `\`${npxCommand} report RESULTS --format terminal\` shows all of it.`;
    return fitted(sections, maxCharacters, elsewhere);
  },
});

function findingSections(runs: readonly Run[], summary: Summary): Section[] {
  return runs.flatMap((run) => {
    const found = findings([run], summary).map((text) => `- ${escaped(brief(text, 6_000))}`);
    const text = [...found, ...invalidText(run)].join("\n");
    return text === "" ? [] : [{ name: "findings", text, rank: 0 as const }];
  });
}

/** What doesn't count is said at the top: the tables show the rest of it. */
function invalidText({ label, results: { trials } }: Run): string[] {
  const invalid = trials.filter(({ outcome }) => outcome.status !== "valid").length;
  if (invalid === 0) return [];
  const all = trials.length === 1 ? "1 trial doesn't" : `${trials.length} trials don't`;
  const whose = label === null ? "" : `${escaped(brief(label, 60))}: `;
  return [`- ${whose}${invalid} of ${all} count: see the warnings below.`];
}

function overviewSections(summary: Summary, base: string | null): Section[] {
  const notes = new Footnotes();
  const table = tableText(withBoundsOnly(overviewOf(summary)), notes, base);
  const signs = { interval: "Behind a figure, in brackets", best: "Bold type" };
  const legend = legendOf(summary, signs, base);
  const text = ["### All variants", table, ...notesOf(notes), escaped(legend)].join("\n\n");
  return [{ name: "the table of all variants", text, rank: 1 }];
}

function clientSections(table: Table | null): Section[] {
  if (table === null) return [];
  const notes = new Footnotes();
  const shown = tableText(table, notes, null);
  const head = `### Client libraries: ${table.title}`;
  return [
    {
      name: "the table of client libraries",
      text: [head, shown, ...notesOf(notes)].join("\n\n"),
      rank: 2,
    },
  ];
}

/** Without what the scenarios' own tables explain: only why a figure is missing, or a bound. */
function withBoundsOnly({ columns, rows, ...table }: Table): Table {
  const isPlain = ({ estimate, text, atLeast }: Cell): boolean =>
    (estimate !== null || text !== null) && !atLeast;
  return {
    ...table,
    columns: columns.map((column) => Object.assign({}, column, { about: null })),
    rows: rows.map(({ cells, ...row }) =>
      Object.assign(row, {
        cells: cells.map((cell) =>
          isPlain(cell) ? Object.assign({}, cell, { remark: null }) : cell,
        ),
      }),
    ),
  };
}
