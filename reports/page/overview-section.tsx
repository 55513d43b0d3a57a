import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import { baseLegend } from "../base-legend.ts";
import { estimatesIn, marksLegend } from "../legend.ts";
import type { Table } from "../summary.ts";
import type { Column } from "../cells.ts";
import { BasePicker, baseLegendId } from "./base-picker.tsx";
import { DataTable } from "./data-table.tsx";
import type { ColumnGroup } from "./data-table.tsx";
import { NoteList, notesOf } from "./notes.tsx";
import type { PlacedScenario } from "./scenario.tsx";
import { Section } from "./section.tsx";

interface OverviewProps {
  readonly overview: Table;
  readonly scenarios: readonly PlacedScenario[];
  readonly styles: ReadonlyMap<string, Style>;
  readonly base: string | null;
}

/** All variants, with the figures that matter of all scenarios. */
export function Overview({ overview, scenarios, styles, base }: OverviewProps): VNode {
  const notes = notesOf("overview", [overview]);
  const doubts = scenarios.flatMap(({ scenario }) => scenario.doubts);
  return (
    <Section id="overview" title="All variants">
      <BasePicker rows={overview.rows} base={base} />
      <DataTable
        table={{ ...overview, columns: overview.columns.map(withoutScenario) }}
        groups={groupsOf(overview.columns)}
        caption="All variants, with the figures that matter"
        styles={styles}
        notes={notes}
        base={base}
        doubtsOf={({ variant, run }) =>
          doubts.some((doubt) => doubt.run === run && doubt.variants.includes(variant))
            ? "warnings"
            : null
        }
      />
      {overview.columns.length === 0 ? null : (
        <p class="caption">
          {intervalText(overview)}{" "}
          <span id={baseLegendId}>{baseLegend(overview.rows, base, "Under a figure")}</span>{" "}
          {marksLegend(overview.rows, "*")} <a href="#method">How to read them</a>
        </p>
      )}
      <NoteList notes={notes} />
    </Section>
  );
}

/** Says of intervals only where there are any. */
function intervalText({ rows }: Table): string {
  const estimates = estimatesIn(rows);
  const known = estimates.filter(({ interval }) => interval !== null).length;
  if (known === 0) return "";
  return known === estimates.length
    ? "Under each figure is its interval."
    : "Under a figure of several trials is its interval.";
}

/** A column of the overview has its scenario in the first line of its label, and its own label below. */
function withoutScenario(column: Column): Column {
  const [, ...own] = column.label.split("\n");
  return own.length === 0 ? column : { ...column, label: own.join("\n") };
}

function groupsOf(columns: readonly Column[]): ColumnGroup[] {
  const groups: { name: string; columns: number }[] = [];
  for (const { label } of columns) {
    const [name = ""] = label.split("\n");
    const last = groups.at(-1);
    if (last?.name === name) last.columns += 1;
    else groups.push({ name, columns: 1 });
  }
  return groups;
}
