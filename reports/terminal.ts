import type { Results } from "../bench/results/schema.ts";
import { confidenceOf } from "../bench/results/statistics.ts";
import { columnFormat, listing } from "./format.ts";
import type { ColumnFormat } from "./format.ts";
import { gridText } from "./grid.ts";
import { harmless } from "./harmless.ts";
import { precisionSentences } from "./precision.ts";
import { sentences } from "./sentences.ts";
import type { RenderOptions, Report } from "./report.ts";
import { summarise } from "./summary.ts";
import type { Cell, Row, ScenarioSummary, Summary, Table } from "./summary.ts";
import { wrapped } from "./wrapped.ts";

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
      ...legend(summary),
    ].join("\n");
  },
};

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

function tableText(
  { columns, rows, title }: Table,
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
    return [
      [nameOf(row), trialsText(row), ...marks].join("\n"),
      ...row.cells.map((cell, index) => cellText(cell, formats[index], footnotes, colour)),
    ];
  });
  const floors = rows.filter(({ reference }) => reference).length;
  return gridText([["", ...head], ...body], floors);
}

/** A long variant stands on several lines, broken before its options. */
function nameOf({ variant, reference }: Row): string {
  const name = variant.length <= 20 ? variant : variant.replaceAll(/(?=[:@+])/g, "\n");
  return reference ? `${name} (floor)` : name;
}

/** On how many trials a row rests. */
function trialsText({ valid, played }: Row): string {
  if (played === 0) return "not played";
  if (valid < played) return `${valid} of ${played} valid`;
  return played === 1 ? "1 trial" : `${played} trials`;
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

function legend({ scenarios }: Summary): string[] {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const repeated = rows.map(({ valid }) => valid).filter((valid) => valid > 1);
  const held = unique(repeated.toSorted((a, b) => a - b).map(confidenceText));
  const interval =
    held.length > 0
      ? "Below a figure, the interval of its median, by a bootstrap over its valid trials; it holds " +
        `the true median with a confidence of ${listing(held)}; ±0 is none in the digits shown. `
      : "One trial each: how much trials differ is not known. ";
  const floor = rows.some(({ reference }) => reference)
    ? " The floor is what the machine and the harness need for the least that could be a transport: " +
      "what lies below it is not the transport's."
    : "";
  return wrapped(
    `${interval}* marks the best of a column and what can't be told apart from it; with a single ` +
      `trial that may be chance. Latency is the time received less the time due.${floor}`,
    "",
  );
}

/** From some number on, more trials make for a narrower interval and not for a surer one. */
function confidenceText(trials: number): string {
  const confidence = confidenceOf(trials);
  const over = confidence < confidenceOf(trials + 1) ? `${trials} trials` : "6 trials or more";
  return `${Math.round(100 * confidence)} % over ${over}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
