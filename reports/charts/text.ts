// How wide a text gets, known before there is anything to draw on: the height of a chart depends on it.

const narrow = /[\s!'(),.:;[\]fijlrtI|`-]/u;
const wide =
  /[%&@mwMW\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}—…→]/u;
const capital = /[\p{Lu}0-9+<=>~#$_]/u;

/** Of Inter, in pixels; rather too much by a few per cent than too little. */
export function widthOf(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const character of text) {
    if (narrow.test(character)) ems += 0.36;
    else if (wide.test(character)) ems += 1.02;
    else ems += capital.test(character) ? 0.7 : 0.6;
  }
  return ems * size * (bold ? 1.05 : 1);
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

function shortened(line: string, fits: (line: string) => boolean): string {
  const characters = Array.from(line);
  while (characters.length > 0 && !fits(`${characters.join("")}…`)) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

function longest(line: string, fits: (line: string) => boolean): number {
  const characters = Array.from(line);
  let text = "";
  const end = characters.findIndex((character) => !fits((text += character)));
  return end === -1 ? characters.length : end;
}

/** Lines may end after a space, and before what a variant's name joins its parts with. */
function piecesOf(text: string): string[] {
  return plain(text).split(/(?<= )|(?=[:@+])/u);
}

/** Without characters that aren't drawn but change how others are: controls and those of direction. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ");
}
