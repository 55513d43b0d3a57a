import { formatsOf, textOf } from "../cell-text.ts";
import { groupBy } from "../group-by.ts";
import type { Grid } from "../grid.ts";
import type { Row } from "../cells.ts";
import type { ScenarioSummary, Table } from "../summary.ts";

/** What one browser does with streams, as a table of words: a row for each kind of stream and version of HTTP. */
export interface BrowserTable {
  readonly title: string;
  readonly grid: Grid;
}

/** The figures of which it is made, and their heads. */
const heads: Readonly<Record<string, string>> = {
  "open.1": "1 tab",
  "open.2": "2 tabs",
  "open.4": "4 tabs",
  "open.8": "8 tabs",
  scope: "limit of",
  next: "the next one",
  fetch: "fetch meanwhile",
  "fetch.other": "… to another origin",
  closing: "closing one",
};

/** Figures by which a scenario is known that looks for limits of browsers: it is a matter of these, and not of its name. */
const telling = ["open.1", "next", "scope"] as const;

type Tabled = Pick<ScenarioSummary, "tables">;

/** Empty for a scenario that doesn't look for limits. */
export function browserTables({ tables }: Tabled): BrowserTable[] {
  const main = tables.find(({ title }) => title === "");
  if (main === undefined || !isOfLimits(main)) return [];
  const browsers = groupBy(main.rows, (row) => JSON.stringify([browserOf(row.variant), row.run]));
  return [...browsers.values()].map((rows) => tableOf(main, rows));
}

/** Whether a figure is told in these tables. */
export function isLimit({ key }: { readonly key: string }): boolean {
  return key in heads;
}

export function isOfLimits({ columns }: Pick<Table, "columns">): boolean {
  return telling.every((wanted) => columns.some(({ key }) => key === wanted));
}

function tableOf(table: Table, rows: readonly Row[]): BrowserTable {
  const formats = formatsOf(table);
  const shown = table.columns.flatMap(({ key }, index) => {
    const head = heads[key];
    return head === undefined ? [] : [{ head, index }];
  });
  const [first] = rows;
  const browser = browserOf(first?.variant ?? "");
  return {
    title: first?.run == null ? browser : `${first.run}: ${browser}`,
    grid: [
      ["", ...shown.map(({ head }) => head)],
      ...rows.map((row) => [
        streamOf(row),
        ...shown.map(({ index }) => {
          const cell = row.cells[index];
          return cell === undefined ? "" : textOf(cell, formats[index]).figure;
        }),
      ]),
    ],
  };
}

/** `browser` and `firefox` are the clients of a variant. */
function browserOf(variant: string): string {
  const [, client = ""] = /:([\w-]+)/.exec(variant) ?? [];
  if (client === "browser") return "Chromium";
  return client === "firefox" ? "Firefox" : variant;
}

/** `SSE, HTTP/2` */
function streamOf({ title, variant }: Row): string {
  const [stream = title] = title.split(":");
  const options = variant.split("+").slice(1);
  return `${stream}, ${options.includes("h2") ? "HTTP/2" : "HTTP/1.1"}`;
}

/** What each of its columns means. */
export const browserLegend =
  "Streams open at once in that many tabs of one origin, filled one after the other; what becomes of the next, and of an ordinary fetch meanwhile. Over HTTP/2, the server allows 100 streams of a connection.";
