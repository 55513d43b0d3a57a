import { realpathSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { Pictures } from "../../reports/charts/pictures.ts";
import { reports } from "../../reports/index.ts";
import { isFolder } from "../../reports/report.ts";
import type { Report } from "../../reports/report.ts";
import type { Run } from "../../reports/run.ts";
import { baseAmong } from "../settings/base.ts";
import { listing } from "../text/format.ts";
import { defaultWidth } from "../text/wrapped.ts";
import { takesColour, textWidth } from "../text/terminal.ts";
import { exitCodes, knownAre, nearest, usageError } from "../errors/errors.ts";
import { fileOf, readResults, resultsFile } from "../results/files.ts";
import { prepareFolder } from "../files/folders.ts";
import { proveOutput } from "../files/outputs.ts";
import { ended, writeReport } from "./write-report.ts";

export interface ReportFlags {
  readonly format: string;
  readonly out?: string;
  readonly base?: string;
}

/** `bench report`: makes a report again from results files alone; several stand side by side. */
export async function report(
  paths: readonly string[],
  { format, out, base: given }: ReportFlags,
): Promise<number> {
  const chosen = reportOf(format);
  checkBase(chosen, given);
  const files = paths.map(realFileOf);
  const repeated = paths.find((_, index) => files.indexOf(files[index] ?? "") !== index);
  if (repeated !== undefined) {
    throw usageError(`${repeated}: is named twice; name each results file once`);
  }
  await checkOut(chosen, out, files);
  const runs: Run[] = [];
  for (const [index, label] of labelsOf(paths).entries()) {
    runs.push({ label, results: await readResults(paths[index] ?? "") });
  }
  const variants = runs.flatMap(({ results }) => results.variants.map(({ name }) => name));
  const base = baseAmong(given, [...new Set(variants)], "the results");
  const pictures = new Pictures();
  const colour = out === undefined && takesColour(process.stdout);
  const width = out === undefined ? textWidth() : defaultWidth;
  const rendered = await chosen.render(runs, {
    colour,
    width,
    base,
    draw: (chart) => pictures.draw(chart),
  });
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  if (out === undefined) {
    if (typeof rendered === "string") process.stdout.write(ended(rendered));
  } else {
    await writeReport(out, rendered);
  }
  return pictures.missing !== null && isFolder(chosen) ? exitCodes.failed : exitCodes.done;
}

function reportOf(format: string): Report {
  const names = reports.map(({ name }) => name);
  const chosen = reports.find(({ name }) => name === format);
  if (chosen !== undefined) return chosen;
  throw usageError(
    `--format: unknown format "${format}"; ${nearest(format, names)}${knownAre(names)}`,
  );
}

/** Refuses a base where nothing is held against one. */
function checkBase({ name, takesBase }: Report, base: string | undefined): void {
  if (base === undefined || takesBase) return;
  const able = reports.filter((report) => report.takesBase).map((report) => report.name);
  throw usageError(`--base has no effect on ${name}; it applies to ${listing(able)}`);
}

/** Whether the report may go where it is to go; results are never written over. */
async function checkOut(
  chosen: Report,
  out: string | undefined,
  files: readonly string[],
): Promise<void> {
  const { name } = chosen;
  const several = isFolder(chosen);
  const refuse = (why: string): never => {
    throw usageError(`--out: ${why}`);
  };
  if (out === undefined) {
    if (several) refuse(`${name} makes several files; name a folder for them`);
    if (["html", "atlas"].includes(name) && process.stdout.isTTY) {
      refuse(`${name} is not for a terminal; name a file, such as report.html`);
    }
    return;
  }
  if (!several) return await proveOutput(out, "--out", files);
  if (isFile(out)) refuse(`${out} is a file; ${name} needs a folder`);
  await prepareFolder(out, "--out");
}

function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    // What isn't there, or can't be inspected, is reported when it is written.
    return false;
  }
}

/** One name for each results file, by whichever path it was given. */
function realFileOf(path: string): string {
  const file = resolve(fileOf(path));
  try {
    return realpathSync(file);
  } catch {
    // Why it can't be inspected is reported when it is read.
    return file;
  }
}

/** The shortest labels by which results files differ: names of folders, paths, or paths of files. */
function labelsOf(paths: readonly string[]): (string | null)[] {
  if (paths.length < 2) return paths.map(() => null);
  const files = paths.map((path) => resolve(fileOf(path)));
  const ways = [
    (file: string) => basename(nameOf(file)),
    (file: string) => relative(".", nameOf(file)) || ".",
  ];
  const labels = ways
    .map((way) => files.map(way))
    .find((some) => new Set(some).size === some.length);
  return labels ?? files.map((file) => relative(".", file));
}

/** `runs/a/results.json` is known as `a`; a file of another name by its own. */
function nameOf(file: string): string {
  return basename(file) === resultsFile ? dirname(file) : file.replace(/\.json$/, "");
}
