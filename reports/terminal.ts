import { betweenRuns, differenceLines } from "./between-runs.ts";
import type { BetweenRuns } from "./between-runs.ts";
import { cellText, formatsOf, headOf, nameOf, trialsText, Footnotes } from "./cell-text.ts";
import { clientLibraries } from "./client-libraries.ts";
import { gridText } from "./grid.ts";
import { faultOf, machineNoteLine, placeOf, targetOf, titleOf } from "./heading.ts";
import { legendOf } from "./legend.ts";
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
}

export const terminal = defineReport({
  render(
    runs: readonly Run[],
    { colour, width = defaultWidth }: Pick<RenderOptions, "colour" | "width">,
  ) {
    const options = { colour, width };
    const summary = summarise(runs);
    return [
      ...runs.flatMap((run) => heading(run, width)),
      ...findings(runs, summary).flatMap((sentence) => wrapped(sentence, "- ", width)),
      "",
      ...betweenRuns(runs).flatMap((between) => betweenLines(between, runs.length > 2, width)),
      ...summary.scenarios.flatMap((scenario) => scenarioLines(scenario, options)),
      ...clientLines(clientLibraries(runs, summary), options),
      ...wrapped(legendOf(summary, { interval: "Below a figure", best: "*" }), "", width),
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
    "",
  ];
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
  const tables = scenario.tables.flatMap((table) => [
    ...(table.title === "" ? [] : wrapped(`${scenario.name}: ${table.title}`, "", options.width)),
    tableText(table, scenario, footnotes, options),
  ]);
  return [
    ...wrapped(`${scenario.name.toUpperCase()}  ${scenario.about}`, "", options.width),
    ...wrapped(scenario.workload, "", options.width),
    ...tables,
    ...footnotes.lines(options.width),
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
  { colour, width }: TextOptions,
): string {
  const { columns, rows, title } = table;
  const formats = formatsOf(table);
  const head = columns.map(({ label, about }, index) => {
    const mark = about === null ? "" : ` ${footnotes.mark(about)}`;
    return headOf(label, formats[index]) + mark;
  });
  const body = rows.map((row) => {
    const marks = (title === "" ? scenario.doubts : [])
      .filter(({ variants, run }) => run === row.run && variants.includes(row.variant))
      .map(({ text }) => footnotes.mark(text));
    const standing = [table.acrossScenarios ? row.run : standingOf(row)].filter(
      (line) => line !== null,
    );
    return [
      [nameOf({ ...row, run: null }), ...standing, ...marksLines(marks)].join("\n"),
      ...row.cells.map((cell, index) => cellText(cell, formats[index], footnotes, colour)),
    ];
  });
  const floors = rows.filter(({ reference }) => reference).length;
  return gridText([["", ...head], ...body], floors, width);
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
