import * as z from "zod";
import { BenchError } from "../../bench/errors/errors.ts";

/** Reads a command's flags, all still text; throws a `BenchError` that names the first wrong one. */
export function parsedFlags<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BenchError("usage", `--${issue?.path.join(".")}: ${issue?.message}`);
}
