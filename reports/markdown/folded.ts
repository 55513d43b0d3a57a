import type { Footnotes } from "../footnotes.ts";
import { brief, escaped, escapedInHtml } from "./escaped.ts";

/** Something that opens when it is asked for. The empty lines let Markdown be Markdown again. */
export function folded(summary: string, parts: readonly string[]): string {
  return [
    `<details><summary>${escapedInHtml(brief(summary, 400))}</summary>`,
    ...parts,
    "</details>",
  ].join("\n\n");
}

/** What the marks in the tables mean; nothing where there are none. */
export function notesOf({ texts }: Footnotes): string[] {
  if (texts.length === 0) return [];
  return [texts.map((text, index) => `${index + 1}. ${escaped(brief(text, 500))}`).join("\n")];
}
