import { readFileSync } from "node:fs";
import { codeOf, usageError } from "../errors/errors.ts";

/** Shorter ones can be tried out. */
const minLength = 16;

/** Reads the token that all workers of a Redis share; `setting` names the flag. */
export function readToken(path: string | undefined, setting: string): string {
  if (path === undefined) {
    throw usageError(`${setting}: required, a file with the token that all workers share`);
  }
  const token = textOf(path, setting).trim();
  if (token.length >= minLength) return token;
  throw usageError(`${setting}: the token in ${path} must have at least ${minLength} characters`);
}

function textOf(path: string, setting: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(`${setting}: can't read ${path} (${codeOf(error)})`);
  }
}
