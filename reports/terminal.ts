import Table from "cli-table3";
import type { Results } from "../bench/results/schema.ts";
import { columnFormat, whole } from "./format.ts";
import type { ColumnFormat } from "./format.ts";
import { sentences } from "./sentences.ts";
import type { RenderOptions, Report } from "./report.ts";
import { summarise } from "./summary.ts";
import type { Cell, ScenarioSummary, Table as SummaryTable } from "./summary.ts";

/** No line is wider. */
const width = 100;

export const terminal: Report = {
  name: "terminal",
  file: null,
  render(results, options) {
    const summary = summarise(results);
    return [
      ...heading(results),
      ...summary.scenarios.flatMap(sentences).flatMap((sentence) => wrapped(sentence, "- ")),
      "",
      ...summary.scenarios.flatMap((scenario) => scenarioLines(scenario, options)),
      ...legend(results),
    ].join("\n");
  },
};

function heading({ run, environment }: Results): string[] {
  const { cpu, cores, kernel, platform } = environment.host;
  const node = environment.software.versions["node"] ?? "?";
  const state = run.status === "complete" ? "" : ` - ${run.status.toUpperCase()}: part of it is missing`;
  return [
    ...wrapped(`transport-bench ${environment.software.transportBench}${state}`, ""),
    ...wrapped(`${cpu}, ${cores} cores, ${platform} ${kernel}, Node ${node}, seed ${run.seed}`, ""),
    "",
  ];
}

function scenarioLines(scenario: ScenarioSummary, options: RenderOptions): string[] {
  const footnotes = new Footnotes();
  const tables = scenario.tables.flatMap((table) => [
    ...(table.title === "" ? [] : wrapped(`${scenario.name}: ${table.title}`, "")),
    tableText(table, scenario, footnotes, options),
  ]);
  return [
    ...wrapped(`${scenario.name.toUpperCase()}  ${scenario.about}`, ""),
    ...tables,
    ...footnotes.lines(),
    "",
  ];
}

function tableText(
  { columns, rows, title }: SummaryTable,
  scenario: ScenarioSummary,
  footnotes: Footnotes,
  { colour }: RenderOptions,
): string {
  const formats = columns.map((column, index) =>
    columnFormat(
      column.unit,
      rows.flatMap(({ cells }) => cells[index]?.estimate?.median ?? []),
    ),
  );
  const table = new Table({
    head: ["", ...columns.map(({ label }, index) => headOf(label, formats[index]))],
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [], compact: true, "padding-left": 1, "padding-right": 0 },
  });
  for (const row of rows) {
    const doubts = title === "" ? scenario.doubts : [];
    const marks = doubts
      .filter(({ variants }) => variants.includes(row.variant))
      .map(({ text }) => footnotes.mark(text));
    const counted = row.valid === row.played ? "" : `\n${row.valid} of ${row.played} trials`;
    table.push([
      [row.variant, ...marks].join(" ") + counted,
      ...row.cells.map((cell, index) => cellText(cell, formats[index], footnotes, colour)),
    ]);
  }
  return table.toString();
}

function headOf(label: string, format: ColumnFormat | undefined): string {
  return format === undefined || format.unit === "" ? label : `${label}\n${format.unit}`;
}

/** The figure with its mark, and its interval below. */
function cellText(
  { estimate, text, atLeast, best, remark }: Cell,
  format: ColumnFormat | undefined,
  footnotes: Footnotes,
  colour: boolean,
): string {
  const mark = remark === null ? "" : ` ${footnotes.mark(remark)}`;
  if (text !== null) return text + mark;
  if (estimate === null || format === undefined) return `n/a${mark}`;
  const { median, interval } = estimate;
  const figure = `${atLeast ? "≥ " : ""}${format.number(median)}${best ? " *" : ""}`;
  const shown = best && colour ? `\u001B[1m${figure}\u001B[22m` : figure;
  if (interval === null) return shown + mark;
  return `${shown}${mark}\n${format.number(interval.low)}–${format.number(interval.high)}`;
}

/** Remarks under a table, each once. */
class Footnotes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${this.#texts.indexOf(text) + 1}]`;
  }

  lines(): string[] {
    return this.#texts.flatMap((text, index) => wrapped(text, `[${index + 1}] `));
  }
}

function legend(results: Results): string[] {
  const most = Math.max(0, ...results.cells.map(({ trials }) => trials));
  const interval =
    most > 1
      ? `Below each figure the range in which its median lies: over ${whole(most)} trials, with ` +
        `${confidenceText(most)} confidence. `
      : "One trial each: how much trials differ is not known. ";
  return wrapped(
    `${interval}* marks the best of a column, and what can't be told apart from it. Latency is ` +
      "received less due. n/a: too few samples, or see the note.",
    "",
  );
}

function confidenceText(trials: number): string {
  return trials < 6 ? `${Math.round(100 * (1 - 2 * 0.5 ** trials))} %` : "at least 95 %";
}

/** Breaks at spaces; further lines are indented as far as `lead` reaches. */
function wrapped(text: string, lead: string): string[] {
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(" ")) {
    if (line.length + word.length > width && line.trim() !== lead.trim()) {
      lines.push(line.trimEnd());
      line = " ".repeat(lead.length);
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines;
}
