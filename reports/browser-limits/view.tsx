import type { VNode } from "preact";
import { Heading, TextTable } from "../page/section.tsx";
import type { BrowserTable } from "./limits.ts";
import { browserLegend } from "./limits.ts";

interface BrowserTablesProps {
  readonly tables: readonly BrowserTable[];
  /** Begins the ids of all that is in it. */
  readonly id: string;
}

/** A truth table for each browser. */
export function BrowserTables({ tables, id }: BrowserTablesProps): VNode {
  return (
    <>
      {tables.map(({ title, grid: [heads = [], ...rows] }, index) => (
        <div key={title} class="table">
          <Heading level={3} id={`${id}-${index + 1}`} text={title} />
          <TextTable label={title} heads={heads} rows={rows} />
        </div>
      ))}
      <p class="caption">{browserLegend}</p>
    </>
  );
}
