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

/** The text in pieces of at most so many columns, at least one character each; in one pass. */
export function cutInto(text: string, most: number): string[] {
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
