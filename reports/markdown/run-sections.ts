import { betweenRuns } from "../between-runs.ts";
import type { BetweenRuns } from "../between-runs.ts";
import { faultOf, machineNoteText, placeOf, targetOf, titleOf } from "../heading.ts";
import { leavesOf } from "../../bench/results/differences.ts";
import { hostHeads, hostRows } from "../hosts.ts";
import type { Run } from "../run.ts";
import { brief, escaped, fenced } from "./escaped.ts";
import { folded } from "./sections.ts";
import type { Section } from "./sections.ts";
import { gridText } from "./table.ts";

/** What was run, on what, and what is wrong with it as a whole. */
export function headSections(runs: readonly Run[]): Section[] {
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0) {
    const head = { name: "the head", text: "## transport-bench: several runs", rank: 0 } as const;
    return [head, ...runs.map(headOf)];
  }
  const head = `## ${escaped(brief(titleOf(only.results), 200))}`;
  return [{ name: "the head", text: [head, ...factsOf(only)].join("\n\n"), rank: 0 }];
}

function headOf(run: Run): Section {
  const label = nameOf(run);
  const title = escaped(brief(titleOf(run.results), 200));
  const started = escaped(brief(run.results.run.startedAt, 40));
  const text = [`**${label}**: ${title}, started ${started}`, ...factsOf(run)].join("\n\n");
  return { name: `the head of ${label}`, text, rank: 0 };
}

function factsOf({ results }: Run): string[] {
  const fault = faultOf(results);
  const target = targetOf(results);
  return [
    ...(fault === null ? [] : [`**${escaped(brief(fault, 300))}**`]),
    escaped(brief(placeOf(results), 400)),
    ...(target === null ? [] : [escaped(brief(target, 400))]),
    ...notesOf(results),
    ...hostsTable(results),
  ];
}

/** More than these come from no run of ours. */
const maxHosts = 100;

/** A table of the hosts; nothing where all of it ran on one machine. */
function hostsTable(results: Run["results"]): string[] {
  const rows = hostRows(results).slice(0, maxHosts);
  if (rows.length === 0) return [];
  const grid = [hostHeads, ...rows].map((row) => row.map((text) => escaped(brief(text, 300))));
  return [gridText(grid, hostHeads.length)];
}

/** What makes figures worse than they need be, as a list. */
function notesOf({ run: { notes } }: Run["results"]): string[] {
  const lines = notes
    .slice(0, maxNotes)
    .map((note) => `- **${note.status}**: ${escaped(brief(machineNoteText(note), 300))}`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** More than there are kinds come from no run of ours. */
const maxNotes = 12;

/** What differs between the first run and each of the others. */
export function betweenSections(runs: readonly Run[]): Section[] {
  return betweenRuns(runs).map(({ first, other, environment, configuration }) => {
    const [before, after] = [first, other].map((label) => brief(label, 60));
    const parts = { environment, configuration };
    const counts = Object.entries(parts).map(([what, { length }]) => `${length} in the ${what}`);
    const text = folded(
      `Differences between ${before} and ${after}: ${counts.join(", ")}`,
      Object.entries(parts).map(([what, differences]) =>
        differencesText(what, differences, [first, other]),
      ),
    );
    return { name: escaped(`differences between ${before} and ${after}`), text, rank: 2 };
  });
}

function differencesText(
  what: string,
  differences: BetweenRuns["environment"],
  labels: readonly string[],
): string {
  if (differences.length === 0) return `No recorded difference in the ${what}.`;
  const rows = differences.map(({ field, before, after }) => [field, before, after]);
  const grid = [[what, ...labels], ...rows].map((row) =>
    row.map((text) => escaped(brief(text ?? "missing", 200))),
  );
  return gridText(grid, grid[0]?.length ?? 0);
}

/** All that is recorded of hardware and software, a column for each run. */
export function environmentSection(runs: readonly Run[]): Section {
  const all = runs.map(({ results }) => leavesOf(withoutFiles(results.environment)));
  const fields = [...new Set(all.flatMap((leaves) => [...leaves.keys()]))];
  const head = ["", ...runs.map((run) => (run.label === null ? "value" : nameOf(run)))];
  const rows = fields.map((field) =>
    [field, ...all.map((leaves) => leaves.get(field) ?? "missing")].map((text) =>
      escaped(brief(text, 200)),
    ),
  );
  const text = folded("Environment", [gridText([head, ...rows], head.length)]);
  return { name: "the environment", text, rank: 2 };
}

/** The configurations of proxies are files, and no facts. */
function withoutFiles({ proxies, ...facts }: Run["results"]["environment"]): object {
  const programs = proxies?.map(({ name, configuration, program }) => [
    `${name}:${configuration}`,
    program,
  ]);
  return programs === undefined ? facts : { ...facts, proxies: Object.fromEntries(programs) };
}

/** How to do it again. */
export function commandSections(runs: readonly Run[]): Section[] {
  return runs.map((run) => {
    const { command } = run.results.run;
    const whom = run.label === null ? "The same again" : `**${nameOf(run)}** again`;
    const text = [`${whom}:`, fenced(command, "sh")].join("\n\n");
    return { name: "the command", text, rank: command.length > 4_000 ? 2 : 0 };
  });
}

function nameOf({ label }: Run): string {
  return escaped(brief(label ?? "", 60));
}
