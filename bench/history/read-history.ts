import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { History, Skipped, StoredRun } from "../results/stored-runs.ts";
import { BenchError, codeOf, usageError } from "../errors/errors.ts";
import { comparisonFile, parseComparison, parseResults, resultsFile } from "../results/files.ts";
import type { Comparison } from "../results/comparison.ts";
import { readText } from "../files/text-files.ts";
import type { Gates } from "../verdict/gates.ts";
import { storedOf, storedOfComparison, whyNot } from "./stored-run.ts";
import type { Results } from "../results/schema.ts";
import { compareEnvironments } from "../verdict/environments.ts";

/** The history in a folder, and the files that it was read from. */
export interface ReadHistory extends History {
  readonly files: readonly string[];
}

/**
 * Reads every run below a folder. What tells nothing is skipped with the reason; throws a `BenchError` when
 * no file is left.
 */
export async function readHistory(folder: string, gates: Gates): Promise<ReadHistory> {
  const skipped: Skipped[] = [];
  const skip = (path: string, why: string): null => {
    skipped.push({ path, why });
    return null;
  };
  const files = await filesIn(folder, skip);
  const comparisons = new Map<string, Comparison>();
  for (const path of files.filter((path) => basename(path) === comparisonFile)) {
    const comparison = await readOne(folder, path, parseComparison, skip);
    if (comparison !== null) comparisons.set(dirname(path), comparison);
  }
  const runs: StoredRun[] = [];
  const machines = new Machines();
  for (const path of files.filter((path) => basename(path) === resultsFile)) {
    const results = await readOne(folder, path, parseResults, skip);
    const why = results && whyNot(results);
    if (results === null || why !== null) {
      if (why !== null) skip(path, why);
      continue;
    }
    const own = ownComparison(path, results.run.pairing !== null);
    const outcome = comparisons.get(own)?.outcome ?? null;
    comparisons.delete(own);
    runs.push({ path, machine: machines.numberOf(results), outcome, ...storedOf(results, gates) });
  }
  for (const [place, comparison] of comparisons) {
    const { outcome } = comparison;
    const path = join(place, comparisonFile);
    runs.push({ path, machine: null, outcome, ...storedOfComparison(comparison) });
  }
  if (runs.length === 0) throw nothingIn(folder, skipped);
  return { runs: inOrder(runs), skipped, files: files.map((path) => join(folder, path)) };
}

/** `bench ab` leaves its comparison beside the folders of both sides. */
function ownComparison(path: string, paired: boolean): string {
  return paired ? dirname(dirname(path)) : dirname(path);
}

/** Oldest first; machines are numbered in that order. */
function inOrder(runs: readonly StoredRun[]): StoredRun[] {
  const sorted = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const order = [...new Set(sorted.map(({ machine }) => machine))].filter(
    (machine) => machine !== null,
  );
  return sorted.map((run) =>
    Object.assign(run, { machine: run.machine === null ? null : order.indexOf(run.machine) + 1 }),
  );
}

async function readOne<T>(
  folder: string,
  path: string,
  parse: (text: string, path: string) => T,
  skip: Skip,
): Promise<T | null> {
  try {
    return parse(await readText(join(folder, path)), path);
  } catch (error) {
    if (!(error instanceof BenchError)) return skip(path, `can't be read (${codeOf(error)})`);
    return skip(path, error.message.replace(`${path}: `, ""));
  }
}

/** Says why a path tells nothing. */
type Skip = (path: string, why: string) => null;

/** Paths below the folder, in the order of their names; a folder in it that can't be read is skipped. */
async function filesIn(folder: string, skip: Skip): Promise<string[]> {
  try {
    return (await filesBelow(folder, "", skip)).toSorted();
  } catch (error) {
    throw usageError(`${folder}: is not a readable folder (${codeOf(error)})`);
  }
}

async function filesBelow(folder: string, place: string, skip: Skip): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(folder, place), { withFileTypes: true })) {
    const path = join(place, entry.name);
    if (entry.isFile() && [resultsFile, comparisonFile].includes(entry.name)) files.push(path);
    if (!entry.isDirectory()) continue;
    try {
      files.push(...(await filesBelow(folder, path, skip)));
    } catch (error) {
      skip(path, `can't be read (${codeOf(error)})`);
    }
  }
  return files;
}

function nothingIn(folder: string, skipped: readonly Skipped[]): BenchError {
  const [first] = skipped;
  const many = skipped.length === 1 ? "1 file is" : `${skipped.length} files are`;
  const why =
    first === undefined
      ? `there is no ${resultsFile} and no ${comparisonFile} below it`
      : `${many} skipped, such as ${first.path}: ${first.why}`;
  return new BenchError("results", `${folder}: holds no run; ${why}`);
}

/** Tells machines apart as comparisons do: what can't be told apart counts as one. */
class Machines {
  /** One run of each. */
  readonly #known: Results[] = [];

  /** The same number for runs of one machine, from 1. */
  numberOf(results: Results): number {
    const known = this.#known.findIndex((other) => compareEnvironments(other, results).sameMachine);
    return known >= 0 ? known + 1 : this.#known.push(results);
  }
}
