import { cellText, headOf, nameOf, trialsText } from "./cell-text.ts";
import { columnFormat } from "./format.ts";
import { Footnotes } from "./footnotes.ts";
import { gridText } from "./grid.ts";
import { harmless } from "./harmless.ts";
import { intervalLegend } from "./interval-legend.ts";
import type { RenderOptions, Report } from "./report.ts";
import type { Run } from "./run.ts";
import { findings } from "./sentences.ts";
import { shownIn, summariseRuns } from "./summary.ts";
import type { ScenarioSummary, Summary, Table } from "./summary.ts";
import { wrapped } from "./wrapped.ts";

export const terminal = {
  name: "terminal",
  file: null,
  several: false,
  render(given: readonly Run[], options: Pick<RenderOptions, "colour">) {
    const runs = given.map(harmless);
    const summary = summariseRuns(runs);
    return [
      ...runs.flatMap(heading),
      ...findings(runs, summary).flatMap((sentence) => wrapped(sentence, "- ")),
      "",
      ...summary.scenarios.flatMap((scenario) => scenarioLines(scenario, options)),
      ...legend(summary),
    ].join("\n");
  },
} satisfies Report;

function heading({ label, results: { run, environment } }: Run): string[] {
  const { cpu, cores, kernel, platform } = environment.host;
  const node = environment.software.versions["node"] ?? "?";
  const where = run.netns ? ", in network namespaces" : "";
  const state =
    run.status === "complete" ? "" : ` - ${run.status.toUpperCase()}: part of it is missing`;
  return [
    ...wrapped(
      `${label === null ? "" : `${label}: `}transport-bench ${environment.software.transportBench}${state}`,
      "",
    ),
    ...(run.fault === null
      ? []
      : wrapped(
          `FAULT MADE ON PURPOSE: ${run.fault}; this tests the harness, not the transports`,
          "",
        )),
    ...wrapped(
      `${cpu}, ${cores} cores, ${platform} ${kernel}, Node ${node}, seed ${run.seed}${where}`,
      "",
    ),
    "",
  ];
}

function scenarioLines(
  scenario: ScenarioSummary,
  options: Pick<RenderOptions, "colour">,
): string[] {
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
  { colour }: Pick<RenderOptions, "colour">,
): string {
  const formats = columns.map((column, index) => {
    const shown = rows.map(({ cells }) => cells[index]).filter((cell) => cell !== undefined);
    return columnFormat(
      column.unit,
      shown.flatMap((cell) => shownIn(cell) ?? []),
    );
  });
  const head = columns.map(({ label, about }, index) => {
    const mark = about === null ? "" : ` ${footnotes.mark(about)}`;
    return headOf(label, formats[index]) + mark;
  });
  const body = rows.map((row) => {
    const marks = (title === "" ? scenario.doubts : [])
      .filter(({ variants, run }) => run === row.run && variants.includes(row.variant))
      .map(({ text }) => footnotes.mark(text));
    return [
      [nameOf(row), trialsText(row), ...marks].join("\n"),
      ...row.cells.map((cell, index) => cellText(cell, formats[index], footnotes, colour)),
    ];
  });
  const floors = rows.filter(({ reference }) => reference).length;
  return gridText([["", ...head], ...body], floors);
}

function legend({ scenarios }: Summary): string[] {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  const floor = rows.some(({ reference }) => reference)
    ? " The floor is what the machine and the harness need for the least that could be a transport: " +
      "what lies below it is not the transport's."
    : "";
  return wrapped(
    `${intervalLegend(rows)} * marks the best of a column and what can't be told apart from it; with ` +
      "a single trial that may be chance. Latency is the time received less the time due." +
      floor,
    "",
  );
}
