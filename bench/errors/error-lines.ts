import { stripVTControlCharacters } from "node:util";
import type { BenchError } from "./errors.ts";
import { withoutSecrets } from "./secrets.ts";

/** No line of an error is longer, in UTF-16 units, whatever was given. */
export const maxLineLength = 199;

/** The length to which words are cut before whole sentences are. */
const minWordLength = 24;

/** How much of a line's end, which has the advice, is kept. */
const maxAdviceLength = 100;

/** How many lines of another program's output are quoted. */
const maxQuotedLines = 12;

/** An error as it is printed: a line, and what another program has said below it. */
export function errorLines({ message, quote }: Pick<BenchError, "message" | "quote">): string[] {
  if (quote.length === 0) return [asLine(`error: ${message}`)];
  const shown = quote.slice(0, maxQuotedLines).map((line) => asLine(`  ${line.trimEnd()}`));
  return [asLine(`error: ${message}:`), ...shown];
}

/** A text in one line: what it quotes may come from a file that means no good, or have any length. */
export function asLine(text: string): string {
  return shortened(withoutSecrets(stripVTControlCharacters(text)).replaceAll(/\p{Cc}+/gu, " "));
}

/** Cuts long words and quotations in their middle, the longest first; then what stands before the advice. */
function shortened(text: string): string {
  const parts = text.match(/"[^"]*"|'[^']*'|[^\s"']+|\s+|["']/g) ?? [];
  let excess = text.length - maxLineLength;
  while (excess > 0) {
    const longest = parts.reduce((best, part, at) => {
      return part.length > (parts[best]?.length ?? 0) ? at : best;
    }, 0);
    const part = parts[longest] ?? "";
    if (part.length <= minWordLength) break;
    const cut = middleCut(part, Math.max(minWordLength, part.length - excess));
    excess -= part.length - cut.length;
    parts[longest] = cut;
  }
  const line = parts.join("");
  if (line.length <= maxLineLength) return line;
  const advice = adviceIn(line);
  return `${whole(line.slice(0, maxLineLength - 1 - advice.length))}…${advice}`;
}

/** The last clauses, which say what to do, or the end of a list, which says where all of it stands. */
function adviceIn(line: string): string {
  return /; .*$| and \d+ more \(see .*$/.exec(line.slice(-maxAdviceLength))?.[0] ?? "";
}

function middleCut(text: string, length: number): string {
  const head = Math.ceil((length - 1) / 2);
  const tail = length - 1 - head;
  const end = text.slice(text.length - tail).replace(/^[\uDC00-\uDFFF]/, "");
  return `${whole(text.slice(0, head))}…${end}`;
}

/** The text without half a character at its end. */
function whole(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "");
}
