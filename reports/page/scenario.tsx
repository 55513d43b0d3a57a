import { capital } from "../../bench/text/format.ts";
import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import type { ScenarioSummary } from "../summary.ts";
import { ChartFigure } from "./chart-figure.tsx";
import type { PageChart } from "./chart-figure.tsx";
import { Atlases } from "../atlas/view.tsx";
import type { BrowserTable } from "../browser-limits/limits.ts";
import { BrowserTables } from "../browser-limits/view.tsx";
import { DataTable } from "./data-table.tsx";
import { NoteList, notesOf } from "./notes.tsx";
import { Heading, Section, warningsId } from "./section.tsx";

/** A scenario under the id that it has in the page. */
export interface PlacedScenario {
  readonly id: string;
  readonly scenario: ScenarioSummary;
  /** What browsers do with streams; empty where it wasn't looked for. */
  readonly browsers: readonly BrowserTable[];
}

interface ScenarioProps {
  readonly placed: PlacedScenario;
  readonly charts: readonly PageChart[];
  readonly styles: ReadonlyMap<string, Style>;
  readonly base: string | null;
}

/** What a scenario found: its charts, then its tables, whose notes stand together. */
export function Scenario({
  placed: { id, scenario, browsers },
  charts,
  styles,
  base,
}: ScenarioProps): VNode {
  const { name, about, workload, tables, doubts } = scenario;
  const notes = notesOf(id, tables);
  return (
    <Section id={id} title={name}>
      <p class="lead">
        <bdi>{about}</bdi>
      </p>
      <p class="quiet">
        <bdi>{workload}</bdi>
      </p>
      {scenario.atlases.length === 0 ? null : <Atlases scenario={scenario} id={`${id}--atlas`} />}
      {browsers.length === 0 ? null : <BrowserTables tables={browsers} id={`${id}--browser`} />}
      {charts.map((chart) => (
        <ChartFigure key={chart.chart.name} {...chart} />
      ))}
      {tables.map((table, index) => (
        <div key={index} class="table">
          <Heading
            level={3}
            id={`${id}--table-${index + 1}`}
            text={table.title === "" ? `${name} in figures` : capital(table.title)}
          />
          <DataTable
            table={table}
            caption={table.title === "" ? name : `${name}: ${table.title}`}
            styles={styles}
            notes={notes}
            base={base}
            doubtsOf={({ variant, run }) =>
              doubts.some((doubt) => doubt.run === run && doubt.variants.includes(variant))
                ? warningsId(id)
                : null
            }
          />
        </div>
      ))}
      <NoteList notes={notes} />
    </Section>
  );
}
