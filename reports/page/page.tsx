import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import type { CostInputs } from "../cost/model.ts";
import { overviewOf } from "../overview.ts";
import type { Run } from "../run.ts";
import type { Summary } from "../summary.ts";
import { Again, RawFigures } from "./again.tsx";
import { CostSection } from "./cost-section.tsx";
import type { CostSubject } from "./cost-table.tsx";
import { dataId, dataText } from "./data.ts";
import { EnvironmentSection } from "./environment.tsx";
import { Findings } from "./findings-section.tsx";
import { DocumentHead } from "./document-head.tsx";
import type { Assets } from "./document-head.tsx";
import { Head, titleOf } from "./head.tsx";
import { heldTables } from "./hold-table.ts";
import { Method } from "./method.tsx";
import type { PageChart } from "./chart-figure.tsx";
import { Overview } from "./overview-section.tsx";
import { clientLibraries } from "../client-libraries.ts";
import { Clients } from "./clients-section.tsx";
import { Scenario } from "./scenario.tsx";
import type { PlacedScenario } from "./scenario.tsx";
import { Warnings } from "./warnings.tsx";
import { Name } from "./section.tsx";

export interface PageProps {
  readonly runs: readonly Run[];
  readonly summary: Summary;
  readonly scenarios: readonly PlacedScenario[];
  readonly charts: readonly PageChart[];
  readonly styles: ReadonlyMap<string, Style>;
  readonly costs: readonly CostSubject[];
  readonly inputs: CostInputs;
  /** See `RenderOptions`. */
  readonly base: string | null;
  /** Every figure, as CSV. */
  readonly csv: string;
  readonly assets: Assets;
}

/** The whole document. It needs nothing beside itself. */
export function Page(props: PageProps): VNode {
  const { runs, summary, scenarios, charts, styles, costs, inputs, base, csv, assets } = props;
  const clients = clientLibraries(runs, summary);
  const overview = overviewOf(summary);
  const tables = [overview, ...scenarios.flatMap(({ scenario }) => scenario.tables)];
  const data = {
    charts: charts.map(({ id, chart }) => ({ id, chart })),
    costs,
    inputs,
    tables: heldTables(tables),
  };
  return (
    <html lang="en">
      <DocumentHead title={titleOf(runs)} assets={assets} />
      <body>
        <a class="skip" href="#findings">
          Skip to what was found
        </a>
        <Head runs={runs} />
        <Navigation scenarios={scenarios} hasClients={clients !== null} />
        <main>
          <Findings runs={runs} summary={summary} />
          <Overview overview={overview} scenarios={scenarios} styles={styles} base={base} />
          {scenarios.map((placed) => (
            <Scenario
              key={placed.id}
              placed={placed}
              charts={charts.filter(({ chart }) => chart.scenario === placed.scenario.name)}
              styles={styles}
              base={base}
            />
          ))}
          <Clients table={clients} styles={styles} />
          <Warnings runs={runs} scenarios={scenarios} />
          <CostSection subjects={costs} inputs={inputs} />
          <Method runs={runs} summary={summary} />
          <EnvironmentSection runs={runs} />
          <Again runs={runs} />
          <RawFigures csv={csv} />
        </main>
        <script
          type="application/json"
          id={dataId}
          dangerouslySetInnerHTML={{ __html: dataText(data) }}
        />
        <script dangerouslySetInnerHTML={{ __html: assets.script }} />
      </body>
    </html>
  );
}

/** A link to every section. */
function Navigation({
  scenarios,
  hasClients,
}: {
  readonly scenarios: readonly PlacedScenario[];
  readonly hasClients: boolean;
}): VNode {
  const before = [
    { id: "findings", text: "Findings" },
    { id: "overview", text: "Overview" },
  ];
  const after = [
    ...(hasClients ? [{ id: "clients", text: "Clients" }] : []),
    { id: "warnings", text: "Warnings" },
    { id: "cost", text: "Cost" },
    { id: "method", text: "Method" },
    { id: "environment", text: "Environment" },
    { id: "repeat", text: "Repeat" },
    { id: "raw", text: "Raw figures" },
  ];
  const named = scenarios.map(({ id, scenario: { name } }) => ({ id, text: name }));
  return (
    <nav aria-label="Sections">
      <ul>
        {[...before, ...named, ...after].map(({ id, text }) => (
          <li key={id}>
            <a href={`#${id}`}>
              <Name text={text} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
