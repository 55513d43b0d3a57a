import { closest, distance } from "fastest-levenshtein";

/** What went wrong, and with it the exit code. */
export type ErrorCode = "usage" | "results" | "output" | "interrupted";

/** 0 done; 1 measured, but something failed; 2 wrong usage; 3 can't be told; 130 interrupted. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  interrupted: 130,
} as const;

/** A misuse, told in one line that names the flag or field, what was given and what is allowed. */
export class BenchError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** `did you mean "sse"? ` when one of the names is near enough to be meant, else nothing. */
export function nearest(given: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const best = closest(given, [...names]);
  const near = distance(given, best) <= Math.max(2, best.length / 3);
  return near ? `did you mean "${best}"? ` : "";
}

/** The system's name of what went wrong, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
