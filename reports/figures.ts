import { stringify } from "csv-stringify/sync";
import { defineReport } from "./report.ts";
import type { Run } from "./run.ts";
import { summarise } from "./summary.ts";
import type { Cell, Column, Row } from "./cells.ts";

/**
 * What the tables show, for programs: a row for each figure of each variant, with its interval and with
 * the trials that it rests on. Where nobody has a figure each variant has one row, which says why.
 */
export const figures = defineReport({
  render(runs: readonly Run[]) {
    const rows = summarise(runs).scenarios.flatMap(({ name, tables }) =>
      tables.flatMap(({ title, columns: figureColumns, rows: variants }) =>
        variants.flatMap((row) => {
          const nothing = figureColumns.length === 0 && row.none !== null;
          return (nothing ? [undefined] : figureColumns).map((column, index) =>
            rowOf({ scenario: name, table: title, row, column, cell: row.cells[index] }),
          );
        }),
      ),
    );
    // A spreadsheet must not take a name or a note for a formula.
    return stringify([Object.keys(columns), ...rows], { escape_formulas: true });
  },
});

interface Place {
  readonly scenario: string;
  readonly table: string;
  readonly row: Row;
  readonly column: Column | undefined;
  readonly cell: Cell | undefined;
}

type Value = string | number | null | undefined;

function rowOf(place: Place): Value[] {
  return Object.values(columns).map((read) => read(place));
}

/** Figures are in the unit that is named, and empty where they could not be had: `note` says why. */
const columns: Readonly<Record<string, (place: Place) => Value>> = {
  /** Empty for a single run. */
  run: ({ row }) => row.run,
  scenario: ({ scenario }) => scenario,
  table: ({ table }) => table,
  variant: ({ row }) => row.variant,
  reference: ({ row }) => String(row.reference),
  key: ({ column }) => column?.key,
  label: ({ column }) => column?.label.replaceAll("\n", " "),
  unit: ({ column }) => column?.unit,
  better: ({ column }) => column?.better,
  median: ({ cell }) => cell?.estimate?.median,
  low: ({ cell }) => cell?.estimate?.interval?.low,
  high: ({ cell }) => cell?.estimate?.interval?.high,
  confidence: ({ cell }) => cell?.estimate?.interval?.confidence,
  /** Of figures that are words. */
  text: ({ cell }) => cell?.text,
  /** That the figure rests on; those that follow are of its row. */
  trials: ({ cell }) => cell?.estimate?.trials,
  /** `best` of its column, or `uncertain`: not told apart from the best; empty for all others. */
  rank: ({ cell }) =>
    cell?.best === true ? "best" : cell?.uncertain === true ? "uncertain" : null,
  validTrials: ({ row }) => row.valid,
  trialsPlayed: ({ row }) => row.played,
  bound: ({ cell }) => (cell?.estimate == null ? null : boundOf(cell)),
  /** By how much the median may be off by the clocks of several machines; empty where one clock tells it. */
  clockBound: ({ cell }) => cell?.clockBound,
  note: ({ row, cell }) => (cell === undefined ? row.none : cell.remark),
};

/** Where it is a range, that is from `low` to `high`. */
function boundOf({ atLeast, isRange }: Cell): string {
  return atLeast ? "at least" : isRange ? "range" : "exact";
}
