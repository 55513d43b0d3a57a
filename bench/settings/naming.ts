import { inspect } from "node:util";
import type * as z from "zod";
import { BenchError, usageError } from "../errors/errors.ts";

/** A setting as its user wrote it, for error messages: a flag, or a field of a file. */
export type Naming = (key: string) => string;

export const asFlag: Naming = (key) =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Runs `body`, and puts the name of the setting in front of what it complains about. */
export function named<T>(key: string, naming: Naming, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw namedError(error, naming(key));
  }
}

/** An error of the user's with the name of the setting in front; any other one as it is. */
export function namedError(error: unknown, setting: string): unknown {
  if (!(error instanceof BenchError)) return error;
  return new BenchError(error.code, `${setting}: ${error.message}`);
}

/** Parses settings from outside by a schema; throws a `BenchError` that names the first wrong one. */
export function parsedBy<T>(schema: z.ZodType<T>, given: object, naming: Naming): T {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = naming(String(issue?.path[0]));
  throw usageError(`${name}: ${onOneLine(issue?.input)} is not ${issue?.message}`);
}

/** A value on one line, as a user may have written it; of circular or deeply nested values only their kind. */
export function onOneLine(value: unknown): string {
  if (typeof value !== "object" && typeof value !== "string") return inspect(value);
  try {
    return JSON.stringify(value);
  } catch {
    return inspect(value, { depth: 0, breakLength: Infinity });
  }
}
