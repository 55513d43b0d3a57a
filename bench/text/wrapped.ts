/** Columns of a line in a text report where nothing is known of who reads it. */
export const defaultWidth = 100;

/** Breaks at the ends of words; further lines are indented as far as `lead` reaches. */
export function wrapped(text: string, lead: string, width: number = defaultWidth): string[] {
  const indent = " ".repeat(columnsOf(lead));
  const lines = linesOf(text, Math.max(1, width - indent.length));
  return lines.map((line, index) => ((index === 0 ? lead : indent) + line).trimEnd());
}

/** Between words, unless a number goes on there, or its unit follows. */
const wordEnds = /(?<!\d) /;
/** Where names, paths and options have their parts. */
const joints = /(?<=[-/,;=])|(?=[:@+])/;

/** The text on lines of at most `most` columns, broken between words, or within a word that is longer. */
export function linesOf(text: string, most: number): string[] {
  return packed(text.split(wordEnds), " ", most, (word) =>
    packed(word.split(joints), "", most, (part) => cutInto(part, most)),
  );
}

/** Packs as many parts on each line as fit; `shorten` makes lines of a part that doesn't fit on one. */
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

/** East Asian characters and pictures that a terminal draws two columns wide, as Unicode's annex 11 has it. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18CFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]/u;
/** Marks that stand above or below the character before them. */
const combining = /\p{M}/u;
/** How a report colours a text. */
// oxlint-disable-next-line no-control-regex
const colours = /\u001B\[\d+m/g;

const ascii = /^[ -~]*$/;

/** How many columns of a terminal a line takes, without what only colours it. */
export function columnsOf(line: string): number {
  const shown = line.replaceAll(colours, "");
  if (ascii.test(shown)) return shown.length;
  let columns = 0;
  for (const character of shown) columns += columnsOfOne(character);
  return columns;
}

function columnsOfOne(character: string): number {
  return combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** The text in pieces of at most `most` columns and at least one character; in one pass. */
function cutInto(text: string, most: number): string[] {
  if (columnsOf(text) <= most) return [text];
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of text) {
    const columns = columnsOfOne(character);
    if (piece !== "" && used + columns > most) {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += character;
    used += columns;
  }
  return [...pieces, piece];
}
