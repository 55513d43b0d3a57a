import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { BenchError } from "../errors.ts";
import { resultsFormat, resultsSchema, schemaVersion } from "./schema.ts";
import { canDecode } from "./percentile.ts";
import type { Results } from "./schema.ts";

export const resultsFile = "results.json";

/** Makes the folder and proves that it can be written to; throws a `BenchError` when it can't. */
export async function prepareFolder(folder: string, flag: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    const probe = join(folder, `.${process.pid}.tmp`);
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    throw new BenchError("usage", `${flag}: can't write to ${folder} (${codeOf(error)})`);
  }
}

/** Node's own recursive `mkdir` never ends where a parent can neither be found nor made, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}

/**
 * Replaces a file as a whole, so that what is there is always complete; throws a `BenchError` when it
 * can't be written.
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const next = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(next, content);
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true }).catch(() => {});
    throw new BenchError("output", `can't write ${file} (${codeOf(error)})`);
  }
}

export async function saveResults(folder: string, results: Results): Promise<void> {
  await replaceFile(join(folder, resultsFile), `${JSON.stringify(results)}\n`);
}

/** Reads a results file, or the one in a folder; throws a `BenchError` that says what is wrong with it. */
export async function readResults(path: string): Promise<Results> {
  return parseResults(await readText(path), path);
}

export function parseResults(text: string, path: string): Results {
  const wrong = (why: string): BenchError => new BenchError("results", `${path}: ${why}`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw wrong("is not complete JSON; a results file that was cut off can't be read");
  }
  const head = headSchema.safeParse(given);
  if (!head.success)
    throw wrong(`is not a results file of bench ("format" must be "${resultsFormat}")`);
  const version = head.data.schemaVersion;
  if (version !== schemaVersion) {
    const way = version > schemaVersion ? "update it" : "measure again";
    throw wrong(`has schema version ${version}; this bench reads ${schemaVersion}, ${way}`);
  }
  const parsed = resultsSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong([...(issue?.path.length ? [issue.path.join(".")] : []), issue?.message].join(": "));
  }
  const unreadable = unreadableHistogram(parsed.data);
  if (unreadable !== null) throw wrong(`${unreadable}: is not an HdrHistogram`);
  return parsed.data;
}

/** Where the first histogram is that can't be decoded, or null. */
function unreadableHistogram({ trials }: Results): string | null {
  for (const [trialIndex, { phases }] of trials.entries()) {
    for (const [phaseIndex, { latency, setUp, canary }] of phases.entries()) {
      const place = `trials.${trialIndex}.phases.${phaseIndex}`;
      for (const [name, histogram] of Object.entries(latency)) {
        if (!canDecode(histogram)) return `${place}.latency.${name}`;
      }
      if (!canDecode(setUp)) return `${place}.setUp`;
      if (canary !== null && !canDecode(canary.delivery)) return `${place}.canary.delivery`;
    }
  }
  return null;
}

const headSchema = z.object({ format: z.literal(resultsFormat), schemaVersion: z.int() });

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "EISDIR") return readText(join(path, resultsFile));
    throw new BenchError("results", `${path}: can't be read (${codeOf(error)})`);
  }
}

/** The system's name of what went wrong, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
