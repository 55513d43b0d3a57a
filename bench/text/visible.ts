/*
 * A results file may come from anywhere, and what a server answers is in its texts. Every report shows them
 * by what is here, so that they neither act on where they are shown nor hide anything.
 */

/**
 * Code points that act or can't be seen: control characters, marks that change the direction of writing, characters
 * without width, separators of lines and paragraphs, and code points that aren't characters.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Words of printable ASCII: nearly all that there is in a file, above all its long histograms. */
const usual = /^[!-~]*(?: [!-~]+)*$/;

/** The text on one line, each unseen character as its escape in JavaScript: `\u001b`, `\u202e`. */
export function visible(text: string): string {
  if (usual.test(text)) return text;
  return text.replaceAll(/[ \t\n\v\f\r]+/g, " ").replaceAll(unseen, escapeOf);
}

/** Lines keep their indentation, by which configurations are read. */
function visibleLines(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const rest = line.replace(/^[ \t]+/, "");
      const indentation = line.slice(0, line.length - rest.length).replaceAll("\t", "    ");
      return indentation + visible(rest).trimEnd();
    })
    .join("\n");
}

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? String.raw`\u{${code}}` : String.raw`\u${code.padStart(4, "0")}`;
}

/** JSON lets pass what terminals and pages obey: here it is escaped, and still the same document. */
export function visibleJson(document: string): string {
  return document.replaceAll(unseen, (character) =>
    character === "\n" ? character : character.split("").map(escapeOf).join(""),
  );
}

/**
 * Any plain data with all of its texts visible, and otherwise as JSON would hold it; only those under the keys
 * `ofLines` may have several lines. To have `JSON.parse` do it takes twice as long.
 */
export function visibleIn<T>(given: T, ...ofLines: readonly string[]): T {
  const shown = (value: unknown, key: string): unknown => {
    if (typeof value === "string")
      return ofLines.includes(key) ? visibleLines(value) : visible(value);
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item: unknown) => shown(item ?? null, ""));
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, held]) => held !== undefined)
        .map(([name, held]) => [visible(name), shown(held, name)]),
    );
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only texts are other ones
  return shown(given, "") as T;
}
