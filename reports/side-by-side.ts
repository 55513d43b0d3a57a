import type { Results } from "../bench/results/schema.ts";
import { timesDiffer, differenceLines } from "./between-runs.ts";
import { cellText, nameOf, trialsText, Footnotes } from "./cell-text.ts";
import { configurationDifferences, environmentDifferences } from "../bench/results/differences.ts";
import { columnFormat, countOf, digits } from "../bench/text/format.ts";
import type { ColumnFormat } from "../bench/text/format.ts";
import { gridText, onLines } from "./grid.ts";
import { estimatesIn, intervalLegend } from "./legend.ts";
import { byteCounts, paired, relationOf } from "./paired.ts";
import type { PairedFigure, PairedRow, PairedScenario } from "./paired.ts";
import { ratioOf } from "./ranking.ts";
import { shownIn } from "./cells.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Cell, Row } from "./cells.ts";
import { visibleIn } from "../bench/text/visible.ts";
import { defaultWidth, wrapped } from "../bench/text/wrapped.ts";

/**
 * Two runs for one pair of eyes: what differs around them, then their figures. It tells what can be told
 * apart and finds nobody guilty, since what lies between two runs at different times is mostly the times.
 */
export function sideBySide(then: Results, now: Results, width: number = defaultWidth): string {
  const before = visibleIn(then, "label");
  const after = visibleIn(now, "label");
  const scenarios = paired(summarise(onlyRun(before)), summarise(onlyRun(after)));
  return [
    ...headingOf(before, "Then  ", width),
    ...headingOf(after, "Now   ", width),
    "",
    ...differenceLines("environment", environmentDifferences(before, after), sides, width),
    ...differenceLines("configuration", configurationDifferences(before, after), sides, width),
    ...scenarios.flatMap((scenario) => scenarioLines(scenario, width)),
    ...byteLines(scenarios, width),
    "",
    ...wrapped(`${intervalLegend(estimatesIn(rowsOf(scenarios)))} ${legend}`, "", width),
  ].join("\n");
}

const legend =
  "apart: the interval of their ratio, computed from both intervals, which are widened below six trials, excludes 1; " +
  "not apart: it includes 1; one trial: the spread between trials is unknown; at least: the harness " +
  `stopped before the limit was reached. ${timesDiffer}`;

const sides = ["then", "now"] as const;

function rowsOf(scenarios: readonly PairedScenario[]): Row[] {
  const rows = scenarios.flatMap(({ tables }) => tables.flatMap((table) => table.rows));
  return rows.flatMap(({ before, after }) => [before, after].filter((row) => row !== null));
}

function headingOf({ run, environment }: Results, lead: string, width: number): string[] {
  const state =
    run.status === "complete" ? "" : ` (${run.status.toUpperCase()}: a part is missing)`;
  const version = environment.software.transportBench;
  return wrapped(
    `${run.startedAt}${state}, transport-bench ${version}: ${run.command}`,
    lead,
    width,
  );
}

function scenarioLines({ name, tables }: PairedScenario, width: number): string[] {
  const rows = tables.find(({ title }) => title === "")?.rows ?? [];
  const footnotes = new Footnotes();
  const formats = formatsOf(rows);
  const body = rows.map((row) => rowTexts(row, formats, footnotes));
  const floors = body.filter((_, index) => rows[index]?.reference === true).flat();
  const head = ["", "", "then", "now", "now/then", "intervals"];
  return [
    name.toUpperCase(),
    gridText([head, ...body.flat()], floors.length, width),
    ...footnotes.lines(width),
    "",
  ];
}

/** One unit for a figure, whatever its variant and run. */
function formatsOf(rows: readonly PairedRow[]): ReadonlyMap<string, ColumnFormat> {
  const figures = rows.flatMap((row) => row.figures);
  return new Map(
    figures.map(({ column }) => {
      const same = figures.filter((figure) => nameOfFigure(figure) === nameOfFigure({ column }));
      const cells = same.flatMap(({ before, after }) => [before, after]);
      const medians = cells.flatMap((cell) => (cell && shownIn(cell)) ?? []);
      return [nameOfFigure({ column }), columnFormat(column.unit, medians)];
    }),
  );
}

function nameOfFigure({ column: { key, unit } }: Pick<PairedFigure, "column">): string {
  return `${key} ${unit}`;
}

/** A row for each figure; the first one names the variant. */
function rowTexts(
  row: PairedRow,
  formats: ReadonlyMap<string, ColumnFormat>,
  footnotes: Footnotes,
): string[][] {
  const shown = (cell: Cell | null, format: ColumnFormat | undefined): string =>
    cell === null
      ? "missing"
      : onLines(
          cellText({ ...cell, best: false, uncertain: false }, format, footnotes, {
            colour: false,
          }),
          15,
        );
  const variant = [onLines(nameOf({ ...row, run: null }), 20), ...trialsTexts(row)].join("\n");
  if (row.figures.length === 0) return [[variant, "", "n/a", "n/a", "", ""]];
  return row.figures.map((figure, index) => {
    const format = formats.get(nameOfFigure(figure));
    const unit = format === undefined || format.unit === "" ? "" : `, ${format.unit}`;
    return [
      index === 0 ? variant : "",
      onLines(figure.column.label + unit, 20),
      shown(figure.before, format),
      shown(figure.after, format),
      onLines(ratio(figure), 8),
      relationOf(figure),
    ];
  });
}

function trialsTexts({ before, after }: PairedRow): string[] {
  const textOf = (row: Row | null): string => (row === null ? "missing" : trialsText(row));
  const [then, now] = [textOf(before), textOf(after)];
  return then === now ? [`${then} each`] : [`then ${then}`, `now ${now}`];
}

function ratio({ before, after }: PairedFigure): string {
  if (before?.estimate == null || after?.estimate == null) return "";
  const value = ratioOf(after.estimate, before.estimate);
  return value === null ? "" : digits(value);
}

/** Bytes that don't vary within a run ought not to vary between runs: they need no statistics. */
function byteLines(scenarios: readonly PairedScenario[], width: number): string[] {
  const counts = scenarios.flatMap(byteCounts);
  const changed = counts.filter(({ before, after }) => before !== after);
  if (counts.length === 0) {
    const none = "No byte count was the same in several trials of each run: none is compared.";
    return wrapped(none, "", width);
  }
  if (changed.length === 0) {
    const all = countOf(counts.length, "byte count was", "byte counts were");
    return wrapped(
      `${all} the same in every trial of each run, and between the runs, too.`,
      "",
      width,
    );
  }
  const some = "Bytes that were the same in every trial of a run, but differ between the runs:";
  return [
    ...wrapped(some, "", width),
    ...changed.flatMap(({ place, before, after }) =>
      wrapped(`${place}: ${exact(before)} then, ${exact(after)} now`, "- ", width),
    ),
  ];
}

/** Without the rounding error of binary fractions, but with every digit that could differ. */
function exact(value: number): string {
  return String(Number(value.toPrecision(12)));
}
