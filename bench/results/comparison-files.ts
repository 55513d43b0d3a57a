import { parseDocument } from "./document.ts";
import { comparisonFormat, comparisonSchema, comparisonVersion } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";

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
