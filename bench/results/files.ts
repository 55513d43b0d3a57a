import { statSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "../errors/errors.ts";
import { writeOutput } from "../files/outputs.ts";
import { parseDocument } from "./document.ts";
import { resultsFormat, resultsSchema, schemaVersion } from "./schema.ts";
import { canDecode } from "./percentile.ts";
import { readDocument } from "../files/text-files.ts";
import type { Results } from "./schema.ts";
import { comparisonFormat, comparisonSchema, comparisonVersion } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";

export const resultsFile = "results.json";

export async function saveResults(folder: string, results: Results): Promise<void> {
  await writeOutput(join(folder, resultsFile), `${JSON.stringify(results)}\n`);
}

/** Reads a results file, or the one in a folder; throws a `BenchError` that says what is wrong with it. */
export async function readResults(path: string): Promise<Results> {
  const file = fileOf(path);
  return parseResults(await readDocument(file), file);
}

/** `path` is for the message of the `BenchError` that is thrown for any other text. */
export function parseResults(text: string, path: string): Results {
  const results = parseDocument(resultsDocument, text, path);
  const unreadable = unreadableHistogram(results);
  if (unreadable === null) return results;
  throw new BenchError("results", `${path}: ${unreadable}: is not an HdrHistogram`);
}

const resultsDocument = {
  title: "a results file of bench",
  format: resultsFormat,
  versions: { schema: schemaVersion },
  remedy: "measure again",
  schema: resultsSchema,
};

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

/** The results file that is meant by it or by its folder. */
export function fileOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? join(path, resultsFile) : path;
  } catch {
    // Why it can't be inspected is reported when it is read.
    return path;
  }
}

export const comparisonFile = "comparison.json";

/** `path` is for the message of the `BenchError` that is thrown for any other text. */
export function parseComparison(text: string, path: string): Comparison {
  return parseDocument(comparisonDocument, text, path);
}

const comparisonDocument = {
  title: "a comparison of bench",
  format: comparisonFormat,
  versions: { comparison: comparisonVersion },
  remedy: "compare again",
  schema: comparisonSchema,
};
