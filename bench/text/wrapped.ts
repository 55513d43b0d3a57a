import { columnsOf, cutInto } from "./text-columns.ts";

/** Columns of a line in a text report where nothing is known of who reads it. */
export const usualWidth = 100;

/** Breaks at the ends of words; further lines are indented as far as `lead` reaches. */
export function wrapped(text: string, lead: string, width: number = usualWidth): string[] {
  const indent = " ".repeat(columnsOf(lead));
  const lines = linesOf(text, Math.max(1, width - indent.length));
  return lines.map((line, index) => ((index === 0 ? lead : indent) + line).trimEnd());
}

/** Between words, unless a number goes on there, or its unit follows. */
const wordEnds = /(?<!\d) /;
/** Where names, paths and options have their parts. */
const joints = /(?<=[-/,;=])|(?=[:@+])/;

/** The text on lines of at most so many columns, broken at the ends of words and else of their parts. */
export function linesOf(text: string, most: number): string[] {
  return packed(text.split(wordEnds), " ", most, (word) =>
    packed(word.split(joints), "", most, (part) => cutInto(part, most)),
  );
}

/** As many parts on each line as fit; `shorten` makes lines of a part that doesn't fit on one. */
function packed(
  parts: readonly string[],
  between: string,
  most: number,
  shorten: (part: string) => string[],
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : line + between + part;
    if (columnsOf(longer) <= most) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = columnsOf(part) <= most ? [part] : shorten(part);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}
