import { between } from "../bench/statistics/between.ts";
import type { Estimate } from "../bench/statistics/between.ts";
import type { Results } from "../bench/results/schema.ts";
import { emptyCell } from "./cells.ts";
import type { Cell, Column, Row } from "./cells.ts";
import type { Run } from "./run.ts";
import type { Summary, Table } from "./summary.ts";

/** What a client library changes, by the keys of figures, with the labels that they have in this table. */
const measures: Readonly<Record<string, string>> = {
  setUp: "set-up,\nB/client",
  "parts.deliveries": "headers and\nframing, B/msg",
  "cpu.client": "CPU, ms/1000\ndeliveries",
  clientMemory: "memory,\nB/client",
};

const clientsTitle = "what each client library takes more than its transport's leanest client";

/** Where a column comes from. */
interface Source {
  readonly scenario: string;
  readonly column: Column;
  /** Of its cells in `rows`. */
  readonly index: number;
  readonly rows: readonly Row[];
}

/**
 * A row for each variant with another client than its transport's default, where the default was played with the
 * same options: the differences of its figures. Null where there is none.
 */
export function clientLibraries(runs: readonly Run[], summary: Summary): Table | null {
  const sources = summary.scenarios.flatMap(({ name, tables }) =>
    tables.flatMap(({ columns, rows }) =>
      columns.flatMap((column, index) =>
        column.key in measures ? [{ scenario: name, column, index, rows }] : [],
      ),
    ),
  );
  const rows = runs.flatMap((run) => rowsOf(run, sources));
  if (rows.length === 0 || sources.length === 0) return null;
  return {
    title: clientsTitle,
    columns: sources.map(columnOf),
    rows,
    acrossScenarios: true,
    ofDifferences: true,
  };
}

function columnOf({ scenario, column }: Source): Column {
  return {
    ...column,
    label: measures[column.key] ?? column.label,
    about: `in ${scenario}, with the same options; an interval is made of those of both figures`,
    headline: false,
    words: null,
    adds: null,
  };
}

function rowsOf({ label, results }: Run, sources: readonly Source[]): Row[] {
  return results.variants.flatMap((variant): Row[] => {
    const lean = leanest(variant, results);
    if (lean === null) return [];
    const inRun = ({ rows }: Source, name: string): Row | undefined =>
      rows.find((row) => row.variant === name && row.run === label);
    const row = sources.map((source) => inRun(source, variant.name)).find((found) => found);
    if (row === undefined) return [];
    const cells = sources.map((source) =>
      moreThan(
        inRun(source, variant.name)?.cells[source.index],
        inRun(source, lean.name)?.cells[source.index],
        lean.name,
      ),
    );
    return [{ ...row, cells }];
  });
}

type Variant = Results["variants"][number];

/** The default client with the same options; null for the default itself, and where it wasn't played. */
function leanest({ transport, client, options }: Variant, { variants }: Results): Variant | null {
  if (client === "default") return null;
  const isSame = (other: Variant): boolean =>
    other.transport === transport &&
    other.client === "default" &&
    JSON.stringify(other.options) === JSON.stringify(options);
  return variants.find(isSame) ?? null;
}

function moreThan(own: Cell | undefined, lean: Cell | undefined, leanName: string): Cell {
  if (own?.estimate == null) return emptyCell(own?.remark ?? "not played");
  if (lean?.estimate == null) return emptyCell(`${leanName}: ${lean?.remark ?? "not played"}`);
  return { ...emptyCell(""), estimate: moreIn(own.estimate, lean.estimate), remark: null };
}

/** Without an interval where either is of a single trial. */
function moreIn(own: Estimate, lean: Estimate): Estimate {
  const effect = between(own, lean)?.difference;
  const isOnce = own.interval === null || lean.interval === null;
  return {
    median: own.median - lean.median,
    interval:
      isOnce || effect === undefined
        ? null
        : { low: effect.low, high: effect.high, confidence: 0.95 },
    trials: Math.min(own.trials, lean.trials),
    counted: own.counted && lean.counted,
  };
}
