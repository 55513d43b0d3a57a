import { z } from "zod";
import { exitCodes } from "../errors.ts";
import { resultsSchema } from "../results/schema.ts";

/** `bench schema`: the JSON Schema of results.json, for other tools. */
export async function schema(): Promise<number> {
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(resultsSchema), null, 2)}\n`);
  return exitCodes.done;
}
