import { closest, distance } from "fastest-levenshtein";

/** The kind of an error, which decides the exit code. */
export type ErrorCode = "usage" | "results" | "output" | "interrupted";

/** 0 done; 1 measured, but something failed; 2 wrong usage; 3 inconclusive; 130 interrupted. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  interrupted: 130,
} as const;

/** A misuse, reported in one line that names the flag or field, what was given and what is allowed. */
export class BenchError extends Error {
  readonly code: ErrorCode;
  /** Output of another program about it, on lines of its own. */
  readonly quote: readonly string[];

  /** A `quote` of one line becomes the end of the message. */
  constructor(code: ErrorCode, message: string, quote = "") {
    const lines = quote.split("\n").filter((line) => line.trim() !== "");
    super(lines.length === 1 ? `${message}: ${quote.trim()}` : message);
    this.code = code;
    this.quote = lines.length === 1 ? [] : lines;
  }
}

/** A misuse that is the user's to put right; a `quote` is what another program has said about it. */
export function usageError(message: string, quote = ""): BenchError {
  return new BenchError("usage", message, quote);
}

/**
 * `did you mean "sse"? ` when one of the names is near enough to be meant, else nothing: of a short name one
 * letter may be wrong, of a long one a third.
 */
export function nearest(given: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const best = closest(given, [...names]);
  const near =
    distance(given, best) <= Math.max(1, best.length / 3) ||
    (distance(given, best) === 2 && lettersOf(given) === lettersOf(best));
  return near ? `did you mean "${best}"? ` : "";
}

/** How much of a line a list of names may take; and one that is cut, with what says where all of it stands. */
const listCharacters = 90;
const cutListCharacters = 50;

/** `known are a, b and 12 more (see npx transport-bench list)`: as many names as a line has room for. */
export function knownAre(names: readonly string[], where?: string): string {
  const isWhole = names.join(", ").length <= listCharacters;
  const most = isWhole || where === undefined ? listCharacters : cutListCharacters;
  let shown = 0;
  let characters = 0;
  while (shown < names.length && characters + (names[shown] ?? "").length <= most) {
    characters += (names[shown] ?? "").length + 2;
    shown += 1;
  }
  const list = names.slice(0, shown).join(", ");
  if (shown === names.length) return `known are ${list}`;
  const place = where === undefined ? "" : ` (see ${where})`;
  if (shown === 0) return `known are ${names.length}${place}`;
  return `known are ${list} and ${names.length - shown} more${place}`;
}

/** Two neighbours that have changed places are one mistake. */
function lettersOf(name: string): string {
  return Array.from(name).toSorted().join("");
}

/** The system's name of what went wrong, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
