import * as z from "zod";
import { BenchError } from "../errors/errors.ts";
import { issueText } from "../errors/issue-text.ts";
import { comparisonFormat, comparisonSchema, comparisonVersion } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import { parseJson } from "../files/text-files.ts";

export const comparisonFile = "comparison.json";

const headSchema = z.object({
  format: z.literal(comparisonFormat),
  comparisonVersion: z.int(),
});

/** `path` is for the message of the `BenchError` that is thrown for any other text. */
export function parseComparison(text: string, path: string): Comparison {
  const wrong = (why: string): BenchError => new BenchError("results", `${path}: ${why}`);
  const given = parseJson(text, path);
  const head = headSchema.safeParse(given);
  if (!head.success) {
    throw wrong(`is not a comparison of bench ("format" must be "${comparisonFormat}")`);
  }
  const version = head.data.comparisonVersion;
  if (version !== comparisonVersion) {
    throw wrong(`has version ${version}; this bench reads ${comparisonVersion}`);
  }
  const parsed = comparisonSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw wrong(issueText(parsed.error));
}
