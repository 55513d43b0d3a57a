import { gridText, cellLines } from "../grid.ts";
import { visibleIn } from "../../bench/text/visible.ts";
import { whole, countOf } from "../../bench/text/format.ts";
import { defaultWidth, wrapped } from "../../bench/text/wrapped.ts";
import { hasMoved, machineName, runName, tracksOf, trackText } from "./tracks.ts";
import type { Track } from "./tracks.ts";
import type { History, Skipped, StoredRun } from "../../bench/results/stored-runs.ts";

/** More skipped files than these are only counted. */
const maxSkipped = 8;

/** The history of every gating metric as a table; those that never moved in one line. */
export function historyText(given: History, width: number = defaultWidth): string {
  const history = visibleIn(given);
  const { runs, skipped } = history;
  const tracks = tracksOf(history);
  const moved = tracks.filter(hasMoved);
  return [
    ...wrapped(headline(runs), "", width),
    ...machineLines(runs, width),
    "",
    ...(moved.length === 0 ? [] : [table(moved, runs.length, width)]),
    ...wrapped(stillText(tracks.length - moved.length, moved.length), "", width),
    ...skippedLines(skipped, width),
  ].join("\n");
}

function headline(runs: readonly StoredRun[]): string {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return "No run.";
  if (runs.length === 1) return `1 run: ${nameOf(first)}`;
  return `${whole(runs.length)} runs, from ${nameOf(first)} to ${nameOf(last)}`;
}

function nameOf(run: StoredRun): string {
  const day = run.startedAt.slice(0, 10);
  return run.commit === null ? run.startedAt.slice(0, 16) : `${runName(run)} (${day})`;
}

function machineLines(runs: readonly StoredRun[], width: number): string[] {
  const names = new Set(runs.map(({ machine }) => machineName(machine)));
  if (names.size < 2) return [];
  return wrapped(
    `They come from ${names.size} machines: timings have a row for each, since differences between machines aren't a trend.`,
    "",
    width,
  );
}

function table(tracks: readonly Track[], runs: number, width: number): string {
  const rows = tracks.map((track) => {
    const machine = track.machine === null ? "" : `\n${track.machine}`;
    const { first, last, range, course } = trackText(track, runs);
    return [`${track.metric}\n${cellLines(track)}${machine}`, first, last, `${course}\n${range}`];
  });
  return gridText([["", "first", "last", "course"], ...rows], 0, width);
}

function stillText(still: number, moved: number): string {
  if (still === 0) return moved === 0 ? "No gating metric in any of them." : "";
  const more = moved === 0 ? "" : " more";
  return still === 1
    ? `1${more} metric is the same in all runs.`
    : `${whole(still)}${more} metrics are the same in all runs.`;
}

function skippedLines(skipped: readonly Skipped[], width: number): string[] {
  if (skipped.length === 0) return [];
  const more = skipped.length - maxSkipped;
  return [
    "",
    `Skipped: ${countOf(skipped.length, "file")}`,
    ...skipped
      .slice(0, maxSkipped)
      .flatMap(({ path, why }) => wrapped(`${path}: ${why}`, "- ", width)),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}
