import { capital } from "../../bench/text/format.ts";
import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import type { Table } from "../summary.ts";
import { DataTable } from "./data-table.tsx";
import { NoteList, notesOf } from "./notes.tsx";
import { Section } from "./section.tsx";

interface ClientsProps {
  /** Null where no two clients of a transport were played. */
  readonly table: Table | null;
  readonly styles: ReadonlyMap<string, Style>;
}

/** What client libraries add. */
export function Clients({ table, styles }: ClientsProps): VNode | null {
  if (table === null) return null;
  const notes = notesOf("clients", [table]);
  return (
    <Section id="clients" title="Client libraries">
      <p class="lead">{capital(table.title)}</p>
      <DataTable
        table={table}
        caption={table.title}
        styles={styles}
        notes={notes}
        base={null}
        doubtsOf={() => null}
      />
      <NoteList notes={notes} />
    </Section>
  );
}
