import { placeSeed } from "../bench/statistics/estimate.ts";
import { savings } from "../bench/statistics/factorial.ts";
import type { Pair, Savings } from "../bench/statistics/factorial.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { emptyCell, shownIn } from "./cells.ts";
import type { Cell, Column, Row } from "./cells.ts";
import type { Table } from "./summary.ts";

/** What each table splits, by the end of its figures' keys: those of the whole history and of only what is new. */
const measures = [
  {
    key: "time",
    unit: "ns",
    title:
      "what WebSocket and a short history save of a chain's time, beside HTTP with the same layers",
  },
  {
    key: "bytes",
    unit: "bytes",
    title:
      "what WebSocket and a short history save of a chain's bytes, beside HTTP with the same layers",
  },
] as const;

type Measure = (typeof measures)[number];

type Variant = Results["variants"][number];

/** What two variants have to have alike for their transports to be compared. */
const layers = ["tls", "resume", "h2", "h2c", "share", "batchMs", "proxy", "deflate"] as const;

/** The four, and what is saved from the first to the last of them. */
const heads: readonly { readonly key: string; readonly label: string; readonly about?: string }[] =
  [
    { key: "http.whole", label: "HTTP,\nwhole history" },
    { key: "http.new", label: "HTTP,\nonly new" },
    { key: "websocket.whole", label: "WebSocket,\nwhole history" },
    { key: "websocket.new", label: "WebSocket,\nonly new" },
    {
      key: "between",
      label: "saved by\ntransport",
      about:
        "by WebSocket: the mean of what it saves with the whole history and with only what is new",
    },
    {
      key: "within",
      label: "saved by\nhistory",
      about:
        "by sending only what is new: the mean of what that saves over HTTP and over WebSocket",
    },
    { key: "both", label: "saved\nby both", about: "together: the sum of the two before it" },
    {
      key: "interaction",
      label: "transport: whole\nless new",
      about:
        "by how much more WebSocket saves with the whole history than with only what is new: 0 where the two don't depend on each other",
    },
  ];

/** A scenario that was played, as far as it matters here. */
export interface PlayedScenario {
  readonly label: string | null;
  readonly results: Results;
  readonly trials: readonly Trial[];
}

/**
 * WebSocket and HTTP, the whole history and only what is new: a row for each HTTP variant that was played beside a
 * WebSocket with the same layers, of each run. No tables where nothing states such figures.
 */
export function twoByTwo(
  scenario: string,
  played: readonly PlayedScenario[],
  rows: readonly Table[],
): Table[] {
  return measures.flatMap((measure): Table[] => {
    const split = played.flatMap((run) => rowsOf(scenario, run, measure, rows));
    if (split.length === 0) return [];
    const columns = heads.map((head) => columnOf(head, measure));
    return [
      { title: measure.title, columns, rows: split, acrossScenarios: false, ofDifferences: true },
    ];
  });
}

function columnOf(
  { key, label, about = null }: Omit<(typeof heads)[number], "about"> & { about?: string | null },
  measure: Measure,
): Column {
  return {
    key: `${measure.key}.${key}`,
    label,
    unit: measure.unit,
    better: "neither",
    about,
    headline: false,
    counted: false,
    words: null,
    adds: null,
  };
}

function rowsOf(
  scenario: string,
  { label, results, trials }: PlayedScenario,
  measure: Measure,
  tables: readonly Table[],
): Row[] {
  const sockets = results.variants.filter(({ transport }) => transport === "websocket");
  return results.variants.flatMap((http): Row[] => {
    const socket = sockets.find(
      (candidate) => http.transport !== "websocket" && layersOf(candidate) === layersOf(http),
    );
    if (socket === undefined) return [];
    const statedBy = (variant: Variant, key: string): Cell | null =>
      cellIn(tables, variant.name, label, key);
    const four = [http, socket].flatMap((variant) =>
      ["whole", "new"].map((level) => statedBy(variant, `${level}.${measure.key}`)),
    );
    const row = tables
      .flatMap((table) => table.rows)
      .find((own) => own.variant === http.name && own.run === label);
    if (row === undefined || four.every((cell) => cell === null)) return [];
    const saved = savings(
      { first: pairsOf(http, trials, measure), second: pairsOf(socket, trials, measure) },
      placeSeed(results.run.seed, scenario, http.name, measure.key),
    );
    const cells = [...four.map((cell) => cell ?? emptyCell("not played")), ...savedCells(saved)];
    return [{ ...row, variant: http.name, cells: cells.map(plain) }];
  });
}

function layersOf({ options }: Variant): string {
  return JSON.stringify(layers.map((layer) => options[layer] ?? null));
}

function cellIn(
  tables: readonly Table[],
  variant: string,
  run: string | null,
  key: string,
): Cell | null {
  for (const { columns, rows } of tables) {
    const index = columns.findIndex((column) => column.key === key);
    const cell = rows.find((row) => row.variant === variant && row.run === run)?.cells[index];
    if (cell !== undefined) return cell;
  }
  return null;
}

/** Of the valid trials that have both. */
function pairsOf({ name }: Variant, trials: readonly Trial[], { key }: Measure): Pair[] {
  const valueIn = ({ figures }: Trial, level: string): number | null => {
    const value = figures.find((figure) => figure.key === `${level}.${key}`)?.value;
    return typeof value === "number" ? value : null;
  };
  return trials
    .filter(({ variant, outcome }) => variant === name && outcome.status === "valid")
    .flatMap((trial) => {
      const [first, second] = [valueIn(trial, "whole"), valueIn(trial, "new")];
      return first === null || second === null ? [] : [{ first, second }];
    });
}

function savedCells(saved: Savings | null): Cell[] {
  const cell = emptyCell("one of the two has no valid trial");
  if (saved === null) return [cell, cell, cell, cell];
  const { between, within, both, interaction } = saved;
  return [between, within, both, interaction].map((estimate) =>
    Object.assign({}, cell, { estimate, remark: null }),
  );
}

/** What is the best of a column is told by the scenario's own tables. */
function plain(cell: Cell): Cell {
  return shownIn(cell) === null ? cell : { ...cell, best: false, uncertain: false };
}
