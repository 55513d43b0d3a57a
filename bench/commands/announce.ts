import { randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Comparison } from "../results/comparison.ts";
import { codeOf, BenchError, knownAre, nearest, usageError } from "../errors/errors.ts";
import { writeOutput, isSameFile, proveOutput } from "../files/outputs.ts";
import { comparisonReports } from "../../reports/verdict/index.ts";
import { defaultWidth } from "../text/wrapped.ts";
import { takesColour, textWidth } from "../text/terminal.ts";
import { annotationLines } from "./annotations.ts";
import { ended } from "./write-report.ts";

/** A report of a comparison, and the file that it goes to. */
export interface WantedFile {
  readonly format: string;
  readonly path: string;
}

/**
 * Reads what `--write` was given, and proves that each file can be written and is none of `inputs`; throws
 * a `BenchError` otherwise. To be called before anything is measured.
 */
export async function proveWritable(
  given: readonly string[] = [],
  inputs: readonly string[] = [],
): Promise<readonly WantedFile[]> {
  const wanted = given.map(wantedFile);
  const again = wanted.find(({ path }, index) =>
    wanted.slice(0, index).some((earlier) => isSamePath(earlier.path, path)),
  );
  if (again !== undefined) throw wrong(`${again.path} is named twice`);
  for (const { path } of wanted) await proveOutput(path, "--write", inputs);
  return wanted;
}

/** By its name or, where links lead to it, by itself. */
function isSamePath(a: string, b: string): boolean {
  return resolve(a) === resolve(b) || isSameFile(a, b);
}

function wantedFile(given: string): WantedFile {
  const at = given.indexOf("=");
  const name = at < 0 ? given : given.slice(0, at);
  const path = at < 0 ? "" : given.slice(at + 1);
  const known = comparisonReports.map((report) => report.name);
  if (!known.includes(name)) {
    throw wrong(`unknown format "${name}"; ${nearest(name, known)}${knownAre(known)}`);
  }
  if (path === "") throw wrong(`"${given}" names no file; write ${name}=path`);
  return { format: name, path };
}

function wrong(why: string): BenchError {
  return usageError(`--write: ${why}`);
}

export interface Announcement {
  /** Where `comparison.json` and the others go that are always made; null to make none. */
  readonly folder: string | null;
  /** Whether to print nothing. */
  readonly quiet: boolean;
  /** The files that `proveWritable` returned. */
  readonly wanted: readonly WantedFile[];
}

/**
 * Tells everyone what a comparison has found: the terminal, the files that were asked for, and in GitHub's
 * CI the step's summary and annotations.
 */
export async function announce(
  comparison: Comparison,
  { folder, quiet, wanted }: Announcement,
): Promise<void> {
  const made = (name: string, colour = false, width = defaultWidth): Promise<string> =>
    madeOf(comparison, name, { colour, width });
  // First of all: nothing that goes wrong with a file takes the verdict along.
  if (!quiet) print(await made("terminal", takesColour(process.stdout), textWidth()));
  annotate(comparison);
  await summarise(await made("md"));
  for (const { name, file } of comparisonReports) {
    if (folder !== null && file !== null) await writeOutput(join(folder, file), await made(name));
  }
  for (const { format, path } of wanted) await writeOutput(path, await made(format));
}

async function madeOf(
  comparison: Comparison,
  name: string,
  options: { readonly colour: boolean; readonly width: number },
): Promise<string> {
  const report = comparisonReports.find((candidate) => candidate.name === name);
  return report === undefined ? "" : ended(await report.render(comparison, options));
}

function inGitHub(): boolean {
  return process.env["GITHUB_ACTIONS"] === "true";
}

/** GitHub's runner obeys lines of a certain form, even from untrusted text, unless it is told not to. */
function print(text: string): void {
  const token = randomUUID();
  process.stdout.write(inGitHub() ? `::stop-commands::${token}\n${text}::${token}::\n` : text);
}

function annotate(comparison: Comparison): void {
  if (!inGitHub()) return;
  for (const line of annotationLines(comparison)) process.stdout.write(`${line}\n`);
}

/** GitHub shows nothing at all of a summary that is longer. */
const maxSummaryBytes = 1024 * 1024;

/** Below what the step has said so far. Without it the verdict stands all the same. */
async function summarise(text: string): Promise<void> {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file === undefined || file === "") return;
  const why = await appendTo(file, `${text}\n`);
  if (why !== null) process.stderr.write(`no step summary: can't write to ${file} (${why})\n`);
}

/** Returns why nothing was added; null when it was. */
async function appendTo(file: string, text: string): Promise<string | null> {
  try {
    const handle = await open(file, "a");
    try {
      const { size } = await handle.stat();
      if (size + Buffer.byteLength(text) > maxSummaryBytes) return "it would be too long";
      await handle.appendFile(text);
      return null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return codeOf(error);
  }
}
