import { visible } from "../../bench/text/visible.ts";

// How wide a text gets, known before there is anything to draw on: the height of a chart depends on it.

/** Advances of Inter's letters from space to tilde, in hundredths of the font's size. */
const advances = [
  28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57,
  62, 62, 29, 30, 66, 66, 66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76,
  64, 76, 64, 64, 65, 74, 69, 99, 68, 68, 63, 36, 36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61,
  59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56, 82, 55, 56, 55, 43, 33, 43, 66,
];

/** Of a letter beyond those: hardly any is wider. */
const beyond = 100;

/** Inter's 600 is wider than its 400. */
const boldness = 1.03;

/** In pixels, in Inter; of a page's own font it is near enough. */
export function widthOf(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const letter of text) hundredths += advances[(letter.codePointAt(0) ?? 0) - 32] ?? beyond;
  return (hundredths / 100) * size * (bold ? boldness : 1);
}

export interface Room {
  /** In pixels. */
  readonly width: number;
  readonly lines: number;
  readonly size: number;
  readonly bold?: boolean;
}

/** Lines that fit; what doesn't is cut off with an ellipsis. */
export function linesIn(text: string, { width, lines: most, size, bold = false }: Room): string[] {
  const fits = (line: string): boolean => widthOf(line.trimEnd(), size, bold) <= width;
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text)) {
    if (line !== "" && !fits(line + piece)) {
      lines.push(line.trim());
      line = "";
    }
    line += piece;
    while (!fits(line)) {
      const length = Math.max(1, longest(line, fits));
      lines.push(Array.from(line).slice(0, length).join("").trim());
      line = Array.from(line).slice(length).join("");
      // A name of ten thousand letters is not laid out to its end.
      if (lines.length > most) break;
    }
    if (lines.length > most) break;
  }
  if (line.trim() !== "") lines.push(line.trim());
  return lines.length > most
    ? [...lines.slice(0, most - 1), shortened(lines[most - 1] ?? "", fits)]
    : lines;
}

/** What of a line fits, cut off within a word. */
export function cutTo(line: string, width: number, size: number): string {
  const text = plain(line);
  const fits = (part: string): boolean => widthOf(part, size) <= width;
  return fits(text) ? text : shortened(text, fits);
}

function shortened(line: string, fits: (line: string) => boolean): string {
  const characters = Array.from(line);
  while (characters.length > 0 && !fits(`${characters.join("")}…`)) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** How many letters of a word fit; those up to a hyphen or a space, if that is near their end. */
function longest(line: string, fits: (line: string) => boolean): number {
  const characters = Array.from(line);
  let text = "";
  const end = characters.findIndex((character) => !fits((text += character)));
  if (end === -1) return characters.length;
  const within = characters.slice(0, end);
  const joint = 1 + Math.max(within.lastIndexOf("-"), within.lastIndexOf(" "));
  return joint > end / 3 ? joint : end;
}

/**
 * Lines may end after a space, unless it stands behind a number, of which more or the unit follows; and
 * before what a variant's name joins its parts with.
 */
function piecesOf(text: string): string[] {
  return plain(text).split(/(?<=[^\d] )|(?<=\S)(?=[:@+]\S)/u);
}

/** Signs that the font of pictures doesn't have, and what says the same. */
const replacements: Readonly<Record<string, string>> = {
  "≥": ">=",
  "≤": "<=",
  "≈": "~",
  "→": "->",
  "←": "<-",
};

/** As it can be drawn. */
export function plain(text: string): string {
  return visible(text).replaceAll(/[≥≤≈→←]/g, (sign) => replacements[sign] ?? sign);
}
