import * as z from "zod";
import { jsonSchema } from "../../reports/json-schema.ts";
import { exitCodes, knownAre, nearest, usageError } from "../errors/errors.ts";
import { comparisonSchema } from "../results/comparison.ts";
import { resultsSchema } from "../results/schema.ts";

const documents: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ["results", resultsSchema],
  ["comparison", comparisonSchema],
  ["summary", jsonSchema],
]);

/** `bench schema`: the JSON Schema of a document that bench writes, for other tools. */
export async function schema({ of: name }: { readonly of: string }): Promise<number> {
  const known = documents.get(name);
  if (known === undefined) {
    const names = [...documents.keys()];
    const allowed = `${nearest(name, names)}${knownAre(names)}`;
    throw usageError(`--of: unknown document "${name}"; ${allowed}`);
  }
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(known), null, 2)}\n`);
  return exitCodes.done;
}
