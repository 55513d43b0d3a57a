import type { Footnotes } from "../cell-text.ts";
import { brief, escaped, escapedInHtml } from "./escaped.ts";

/** A part of a document that is there as a whole, or not at all. */
export interface Section {
  /** By which it is named where it had to be left out, as Markdown. */
  readonly name: string;
  readonly text: string;
  /** Sections of a lower rank find their place first. */
  readonly rank: 0 | 1 | 2;
}

/** More names than these are only counted. */
const maxNamed = 8;

/**
 * The sections in their order, and no longer than `most` characters: what has no room any more is left
 * out, and a last line says what that is, and `elsewhere` where to find it.
 */
export function fitted(sections: readonly Section[], most: number, elsewhere: string): string {
  const all = joined(sections);
  if (all.length <= most) return all;
  const room = most - 1_000;
  const kept = new Set<Section>();
  let used = 0;
  for (const section of sections.toSorted((a, b) => a.rank - b.rank)) {
    if (used + section.text.length + between.length > room) continue;
    kept.add(section);
    used += section.text.length + between.length;
  }
  const left = sections
    .filter((section) => !kept.has(section))
    .map(({ name }) => name.slice(0, 80));
  const more = left.length - maxNamed;
  const names = [...left.slice(0, maxNamed), ...(more > 0 ? [`${more} more`] : [])].join("; ");
  const line = `Left out, to stay below the length of a comment: ${names}. ${elsewhere}`;
  return joined([...sections.filter((section) => kept.has(section)), { text: line }]);
}

const between = "\n\n";

function joined(sections: readonly Pick<Section, "text">[]): string {
  return sections.map(({ text }) => text).join(between);
}

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
