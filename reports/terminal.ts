import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Results } from "../bench/results/schema.ts";
import { estimate } from "../bench/results/statistics.ts";
import { columnFormat } from "./format.ts";
import type { ColumnFormat } from "./format.ts";
import { precisionSentences } from "./precision.ts";
import { sentences } from "./sentences.ts";
import type { RenderOptions, Report } from "./report.ts";
import { summarise } from "./summary.ts";
import type { Cell, ScenarioSummary, Table as SummaryTable } from "./summary.ts";

/** No line is wider. */
const width = 100;

export const terminal: Report = {
  name: "terminal",
  file: null,
  render(given, options) {
    const results = harmless(given);
    const summary = summarise(results);
    return [
      ...heading(results),
      ...summary.scenarios.flatMap(sentences).flatMap((sentence) => wrapped(sentence, "- ")),
      ...precisionSentences(results.run.precision).flatMap((sentence) => wrapped(sentence, "- ")),
      "",
      ...summary.scenarios.flatMap((scenario) => scenarioLines(scenario, options)),
      ...legend(results),
    ].join("\n");
  },
};

/**
 * The results with texts that do nothing to a terminal: a file may come from anywhere. Only labels may
 * have several lines.
 */
function harmless(results: Results): Results {
  const reviver = (key: string, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    const lines = stripVTControlCharacters(value).split(key === "label" ? "\n" : /\s+/);
    return lines
      .map((line) => line.replaceAll(/\p{Cc}/gu, "\uFFFD"))
      .join(key === "label" ? "\n" : " ");
  };
  return JSON.parse(JSON.stringify(results), reviver);
}

function heading({ run, environment }: Results): string[] {
  const { cpu, cores, kernel, platform } = environment.host;
  const node = environment.software.versions["node"] ?? "?";
  const state =
    run.status === "complete" ? "" : ` - ${run.status.toUpperCase()}: part of it is missing`;
  return [
    ...wrapped(`transport-bench ${environment.software.transportBench}${state}`, ""),
    ...(run.fault === null
      ? []
      : wrapped(
          `FAULT MADE ON PURPOSE: ${run.fault}; this tests the harness, not the transports`,
          "",
        )),
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
    ...wrapped(scenario.workload, ""),
    ...tables,
    ...footnotes.lines(),
    "",
  ];
}

/** The text of a table, cell by cell: a head, then a row for each variant; the variant comes first. */
type Grid = readonly (readonly string[])[];

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
  const head = columns.map(({ label, about }, index) => {
    const mark = about === null ? "" : ` ${footnotes.mark(about)}`;
    return headOf(label, formats[index]) + mark;
  });
  const body = rows.map((row) => {
    const marks = (title === "" ? scenario.doubts : [])
      .filter(({ variants }) => variants.includes(row.variant))
      .map(({ text }) => footnotes.mark(text));
    const counted = row.valid === row.played ? [] : [`${row.valid} of ${row.played} trials`];
    return [
      [broken(row.variant), ...counted, ...marks].join("\n"),
      ...row.cells.map((cell, index) => cellText(cell, formats[index], footnotes, colour)),
    ];
  });
  const grid = [["", ...head], ...body];
  return split(grid.map((row) => row.map(narrow)))
    .map((grid) => drawn(grid))
    .join("\n");
}

/** As many tables side by side as it takes for none to be too wide; each begins with the variants. */
function split(grid: Grid): Grid[] {
  const [first = 0, ...others] = widthsOf(grid);
  const groups: number[][] = [[]];
  let used = first;
  for (const [index, columnWidth] of others.entries()) {
    if (used + columnWidth > width - 1) {
      groups.push([]);
      used = first;
    }
    groups.at(-1)?.push(index + 1);
    used += columnWidth;
  }
  return groups.map((group) => grid.map((row) => [0, ...group].map((index) => row[index] ?? "")));
}

/** Each column's width with its left border and padding. */
function widthsOf(grid: Grid): number[] {
  const columns = grid[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, index) => {
    const lines = grid.flatMap((row) => (row[index] ?? "").split("\n"));
    return 2 + Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  });
}

function drawn([head = [], ...body]: Grid): string {
  const table = new Table({
    head: [...head],
    colAligns: ["left", ...head.slice(1).map(() => "right" as const)],
    style: { head: [], border: [], compact: true, "padding-left": 1, "padding-right": 0 },
  });
  table.push(...body.map((row) => [...row]));
  return table.toString();
}

/** No line longer than lets two columns stand side by side. */
function narrow(cell: string): string {
  return cell.replaceAll(/[^\n]{40}(?=[^\n])/g, "$&\n");
}

/** A long variant on several lines, broken before its options. */
function broken(variant: string): string {
  return variant.length <= 20 ? variant : variant.replaceAll(/(?=[:@+])/g, "\n");
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
  const low = format.number(interval.low);
  const high = format.number(interval.high);
  return `${shown}${mark}\n${low === high ? "±0" : `${low}–${high}`}`;
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
  const counts = [...new Set(results.cells.map(({ trials }) => trials))].filter((n) => n > 1);
  const over = counts.map((n) => `${n} trials with ${confidenceText(n)} confidence`);
  const interval =
    counts.length > 0
      ? `Below a figure, the range in which its median lies: over ${over.join(", over ")}; ±0 is ` +
        "none in the digits shown. "
      : "One trial each: how much trials differ is not known. ";
  return wrapped(
    `${interval}* marks the best of a column and what can't be told apart from it; with a single ` +
      "trial that may be chance. Latency is the time received less the time due.",
    "",
  );
}

function confidenceText(trials: number): string {
  const all = estimate(Array.from({ length: trials }, (_, index) => index))?.interval?.confidence;
  return `${Math.round(100 * (all ?? 0))} %`;
}

function chunksOf(length: number): RegExp {
  return new RegExp(`.{1,${length}}`, "gu");
}

/** Breaks at spaces; further lines are indented as far as `lead` reaches. */
function wrapped(text: string, lead: string): string[] {
  const lines: string[] = [];
  let line = lead;
  const room = width - lead.length;
  for (const word of text.split(" ").flatMap((long) => long.match(chunksOf(room)) ?? [long])) {
    if (line.length + word.length > width && line.trim() !== lead.trim()) {
      lines.push(line.trimEnd());
      line = " ".repeat(lead.length);
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines;
}
