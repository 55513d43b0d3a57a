import { stripVTControlCharacters } from "node:util";
import type { Results } from "../bench/results/schema.ts";
import { columnFormat } from "./format.ts";
import { differ, summarise } from "./summary.ts";
import type { Cell } from "./summary.ts";

/** Two runs of one configuration: what differs in their surroundings, then their headline figures. */
export function sideBySide(then: Results, now: Results): string {
  return [
    "SIDE BY SIDE, then → now",
    ...differences(then.environment, now.environment),
    ...headlines(then, now),
    "Two runs at different times say little about small differences in time.",
  ]
    .map(harmless)
    .join("\n");
}

/** A file may come from anywhere: none of its texts begins a line or does something to a terminal. */
function harmless(line: string): string {
  return stripVTControlCharacters(line).replaceAll(/\p{Cc}/gu, "\uFFFD");
}

/** What changes from one minute to the next says nothing about where a run took place. */
const volatile = new Set(["host.loadBefore", "host.loadAfter"]);

function differences(then: unknown, now: unknown): string[] {
  const before = new Map(leaves(then, ""));
  const after = new Map(leaves(now, ""));
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const lines = paths
    .filter((path) => !volatile.has(path) && before.get(path) !== after.get(path))
    .map((path) => `  ${path}: ${before.get(path) ?? "none"} → ${after.get(path) ?? "none"}`);
  return lines.length === 0
    ? ["The environments do not differ."]
    : ["What differs in the environment:", ...lines];
}

function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === "" ? key : `${path}.${key}`),
  );
}

function headlines(then: Results, now: Results): string[] {
  const before = cellsOf(then);
  const after = cellsOf(now);
  return [...new Set([...before.keys(), ...after.keys()])].map((place) => {
    const [a, b] = [before.get(place), after.get(place)];
    const verdict =
      a?.cell.estimate == null || b?.cell.estimate == null
        ? ""
        : differ(a.cell.estimate, b.cell.estimate)
          ? " (intervals apart)"
          : " (can't be told apart)";
    return `  ${place}: ${a?.text ?? "none"} → ${b?.text ?? "none"}${verdict}`;
  });
}

function cellsOf(results: Results): Map<string, { cell: Cell; text: string }> {
  return new Map(
    summarise(results).scenarios.flatMap((scenario) =>
      scenario.tables.flatMap(({ columns, rows }) =>
        columns.flatMap((column, index) => {
          if (!column.headline) return [];
          return rows.flatMap(({ variant, cells }) => {
            const cell = cells[index];
            if (cell === undefined) return [];
            const median = cell.estimate?.median;
            const format = columnFormat(column.unit, median === undefined ? [] : [median]);
            const text = median === undefined ? "n/a" : `${format.number(median)} ${format.unit}`;
            const label = column.label.replaceAll("\n", " ");
            const shown = cell.atLeast ? `≥ ${text}` : text;
            return [[`${scenario.name} ${variant}, ${label}`, { cell, text: shown.trim() }]];
          });
        }),
      ),
    ),
  );
}
