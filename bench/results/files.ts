import { statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { BenchError } from "../errors/errors.ts";
import { writeOutput } from "../files/outputs.ts";
import { issueText } from "../errors/issue-text.ts";
import { resultsFormat, resultsSchema, schemaVersion } from "./schema.ts";
import { canDecode } from "./percentile.ts";
import { parseJson, readDocument } from "../files/text-files.ts";
import type { Results } from "./schema.ts";

export const resultsFile = "results.json";

export async function saveResults(folder: string, results: Results): Promise<void> {
  await writeOutput(join(folder, resultsFile), `${JSON.stringify(results)}\n`);
}

/** Reads a results file, or the one in a folder; throws a `BenchError` that says what is wrong with it. */
export async function readResults(path: string): Promise<Results> {
  const file = fileOf(path);
  return parseResults(await readDocument(file), file);
}

export function parseResults(text: string, path: string): Results {
  const wrong = (why: string): BenchError => new BenchError("results", `${path}: ${why}`);
  const given = parseJson(text, path);
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
    throw wrong(issueText(parsed.error));
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

/** The results file that is meant by it or by its folder. */
export function fileOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? join(path, resultsFile) : path;
  } catch {
    // Why it can't be looked at is told when it is read.
    return path;
  }
}
