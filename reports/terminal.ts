import { figureTables } from "./atlas/figure-tables.ts";
import { atlasLines } from "./atlas/terminal.ts";
import { browserLines } from "./browser-limits/terminal.ts";
import { betweenRuns, differenceLines } from "./between-runs.ts";
import type { BetweenRuns } from "./between-runs.ts";
import {
  branchName,
  cellBase,
  cellText,
  formatsOf,
  headOf,
  nameOf,
  trialsText,
  Footnotes,
} from "./cell-text.ts";
import { clientLibraries } from "./client-libraries.ts";
import { gridText } from "./grid.ts";
import { faultOf, machineNoteLine, placeOf, targetOf, titleOf } from "./heading.ts";
import { hostHeads, hostRows } from "./hosts.ts";
import { legendOf } from "./legend.ts";
import { placedIn } from "./placed-rows.ts";
import type { PlacedRow } from "./placed-rows.ts";
import { defineReport } from "./report.ts";
import type { RenderOptions } from "./report.ts";
import type { Run } from "./run.ts";
import { findings } from "./sentences.ts";
import { summarise } from "./summary.ts";
import type { ScenarioSummary, Table } from "./summary.ts";
import type { Row } from "./cells.ts";
import { capital } from "../bench/text/format.ts";
import { defaultWidth, wrapped } from "../bench/text/wrapped.ts";

interface TextOptions {
  readonly colour: boolean;
  readonly width: number;
  readonly base: string | null;
}

export const terminal = defineReport({
  render(
    runs: readonly Run[],
    { colour, width = defaultWidth, base = null }: Pick<RenderOptions, "colour" | "width" | "base">,
  ) {
    const options = { colour, width, base };
    const summary = summarise(runs);
    return [
      ...runs.flatMap((run) => heading(run, width)),
      ...findings(runs, summary).flatMap((sentence) => wrapped(sentence, "- ", width)),
      "",
      ...betweenRuns(runs).flatMap((between) => betweenLines(between, runs.length > 2, width)),
      ...summary.scenarios.flatMap((scenario) => scenarioLines(scenario, options)),
      ...clientLines(clientLibraries(runs, summary), options),
      ...wrapped(legendOf(summary, { interval: "Below a figure", best: "*" }, base), "", width),
    ].join("\n");
  },
});

function heading({ label, results }: Run, width: number): string[] {
  const fault = faultOf(results);
  const target = targetOf(results);
  const title = titleOf(results);
  const head = label === null ? title : `${label}: ${title}, started ${results.run.startedAt}`;
  return [
    ...[head, fault, placeOf(results), target].flatMap((text) =>
      text === null ? [] : wrapped(text, "", width),
    ),
    ...results.run.notes.flatMap((note) => wrapped(machineNoteLine(note), "", width)),
    ...hostLines(results, width),
    "",
  ];
}

/** A table of the hosts; nothing where all of it ran on one machine. */
function hostLines(results: Run["results"], width: number): string[] {
  const rows = hostRows(results);
  return rows.length === 0 ? [] : [gridText([hostHeads, ...rows], 0, width)];
}

function betweenLines(
  { first, other, environment, configuration }: BetweenRuns,
  named: boolean,
  width: number,
): string[] {
  const sides = [first, other] as const;
  return [
    ...(named ? wrapped(`${other} beside ${first}:`, "", width) : []),
    ...differenceLines("environment", environment, sides, width),
    ...differenceLines("configuration", configuration, sides, width),
  ];
}

function scenarioLines(scenario: ScenarioSummary, options: TextOptions): string[] {
  const footnotes = new Footnotes();
  const tables = figureTables(scenario).flatMap((table) => {
    const title = table.title === "" ? "" : `${scenario.name}: ${table.title}`;
    const text = tableText(table, scenario, footnotes, options);
    return title === "" ? [text] : wrapped(title, "", options.width).concat(text);
  });
  return [
    ...wrapped(`${scenario.name.toUpperCase()}  ${scenario.about}`, "", options.width),
    ...wrapped(scenario.workload, "", options.width),
    ...browserLines(scenario, options.width),
    ...tables,
    ...footnotes.lines(options.width),
    ...scenario.atlases.flatMap((atlas) => ["", ...atlasLines(atlas, options.width)]),
    "",
  ];
}

function clientLines(table: Table | null, options: TextOptions): string[] {
  if (table === null) return [];
  const footnotes = new Footnotes();
  const text = tableText(table, { doubts: [] }, footnotes, options);
  const title = wrapped(`CLIENT LIBRARIES  ${capital(table.title)}`, "", options.width);
  return [...title, text, ...footnotes.lines(options.width), ""];
}

function tableText(
  table: Table,
  scenario: Pick<ScenarioSummary, "doubts">,
  footnotes: Footnotes,
  { colour, width, base }: TextOptions,
): string {
  const { columns, rows, title } = table;
  const placed = placedIn(table, base);
  const formats = formatsOf(table);
  const head = columns.map(({ label, about }, index) => {
    const mark = about === null ? "" : ` ${footnotes.mark(about)}`;
    return headOf(label, formats[index]) + mark;
  });
  const body = placed.map((one, place) => {
    const { row } = one;
    const marks = (title === "" ? scenario.doubts : [])
      .filter(({ variants, run }) => run === row.run && variants.includes(row.variant))
      .map(({ text }) => footnotes.mark(text));
    const name = [...headLines(one, placed[place - 1] ?? null, table), ...marksLines(marks)].join(
      "\n",
    );
    const cells = row.cells.map((cell, index) =>
      cellText(cell, formats[index], footnotes, { colour, base: cellBase(one, index) }),
    );
    return [name].concat(cells);
  });
  const floors = rows.filter(({ reference }) => reference).length;
  return gridText([["", ...head], ...body], floors, width);
}

/** A row's name and on what it rests; below the base of a group only where that is something else. */
function headLines(
  { row, beyond, isBase }: PlacedRow<Row>,
  before: PlacedRow<Row> | null,
  { acrossScenarios }: Table,
): string[] {
  const standing = acrossScenarios ? row.run : standingOf(row);
  const suffix = isBase ? " (base)" : "";
  if (beyond === null)
    return [nameOf({ ...row, run: null }) + suffix, ...(standing === null ? [] : [standing])];
  const name = branchName(beyond) + suffix;
  const isTold = standing === null || (before !== null && standingOf(before.row) === standing);
  return isTold ? [name] : [name, `  ${standing}`];
}

/** A few side by side, in their order. */
function marksLines(marks: readonly string[]): string[] {
  const number = (mark: string): number => Number.parseInt(mark.slice(1), 10);
  const inOrder = marks.toSorted((a, b) => number(a) - number(b));
  return inOrder.flatMap((_, at) => (at % 3 === 0 ? inOrder.slice(at, at + 3).join(" ") : []));
}

/** Which run a row is of, where there are several, and on how many trials it rests. */
function standingOf(row: Row): string {
  const trials = trialsText(row);
  return row.run === null ? trials : `${row.run}, ${trials}`;
}
