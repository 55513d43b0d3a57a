import { countOf } from "../bench/text/format.ts";
import { isExact } from "./paired.ts";
import type { PairedFigure, PairedScenario } from "./paired.ts";
import { wrapped } from "../bench/text/wrapped.ts";

interface ByteCount {
  readonly place: string;
  readonly before: number;
  readonly after: number;
}

/** Bytes that don't vary within a run ought not to vary between runs: they need no statistics. */
export function byteLines(scenarios: readonly PairedScenario[], width: number): string[] {
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

function byteCounts({ name, tables }: PairedScenario): ByteCount[] {
  return tables.flatMap(({ title, rows }) =>
    rows.flatMap(({ variant, figures }) => {
      const place = title === "" ? `${name}, ${variant}` : `${name}, ${title}, ${variant}`;
      return figures.flatMap((figure) => byteCount(place, figure));
    }),
  );
}

function byteCount(place: string, { column, before, after }: PairedFigure): ByteCount[] {
  const known = column.unit === "bytes" && before !== null && after !== null;
  if (!known || !isExact(before) || !isExact(after)) return [];
  if (before.estimate === null || after.estimate === null) return [];
  const medians = { before: before.estimate.median, after: after.estimate.median };
  return [{ place: `${place}, ${column.label.replaceAll("\n", " ")}`, ...medians }];
}

/** Without the dust of binary fractions, but with all that could differ. */
function exact(value: number): string {
  return String(Number(value.toPrecision(12)));
}
