import type { VNode } from "preact";
import { remarkOn } from "../cell-text.ts";
import type { Table } from "../summary.ts";

/** Remarks on tables, each once, under the number by which they are referred to. */
export interface Notes {
  /** Tells their ids from those of other tables. */
  readonly prefix: string;
  readonly texts: readonly string[];
}

/** In the order in which they are come across. */
export function notesOf(prefix: string, tables: readonly Table[]): Notes {
  const texts = tables.flatMap(({ columns, rows }) => [
    ...columns.map(({ about }) => about),
    ...rows.flatMap(({ cells }) => cells.map(remarkOn)),
  ]);
  return { prefix, texts: [...new Set(texts.filter((text) => text !== null))] };
}

/** The number of a note, which leads to it. */
export function Mark({
  notes,
  text,
}: {
  readonly notes: Notes;
  readonly text: string | null;
}): VNode | null {
  if (text === null) return null;
  const number = notes.texts.indexOf(text) + 1;
  return (
    <sup>
      <a href={`#${idOf(notes, number)}`} title={text} aria-label={`Note ${number}`}>
        {number}
      </a>
    </sup>
  );
}

export function NoteList({ notes }: { readonly notes: Notes }): VNode | null {
  if (notes.texts.length === 0) return null;
  return (
    <ol class="notes" aria-label="Notes">
      {notes.texts.map((text, index) => (
        <li key={index} id={idOf(notes, index + 1)}>
          <bdi>{text}</bdi>
        </li>
      ))}
    </ol>
  );
}

function idOf({ prefix }: Notes, number: number): string {
  return `${prefix}--note-${number}`;
}
