import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { npxCommand } from "../../bench/text/command-name.ts";
import { fileSafe } from "../charts/file-safe.ts";
import { assets, DocumentHead } from "../page/document-head.tsx";
import { Origins, States } from "../page/head.tsx";
import { Items, Section } from "../page/section.tsx";
import { shortenedRun } from "../page/shortened.ts";
import { defineReport } from "../report.ts";
import type { Run } from "../run.ts";
import { summarise } from "../summary.ts";
import type { ScenarioSummary } from "../summary.ts";
import { Atlases } from "./view.tsx";

const title = "What stands in between: an atlas of proxies";

/** The atlas alone, as one page that needs nothing beside itself, not even a script. */
export const atlasPage = defineReport({
  render(given: readonly Run[]) {
    const runs = given.map(shortenedRun);
    const scenarios = summarise(runs).scenarios.filter(({ atlases }) => atlases.length > 0);
    return `<!doctype html>\n${renderToString(<Page runs={runs} scenarios={scenarios} />)}\n`;
  },
});

interface PageProps {
  readonly runs: readonly Run[];
  readonly scenarios: readonly ScenarioSummary[];
}

function Page({ runs, scenarios }: PageProps): VNode {
  const { style } = assets();
  return (
    <html lang="en">
      <DocumentHead title={title} assets={{ style }} />
      <body class="atlas-page">
        <header class="head">
          <Origins runs={runs} />
          <h1>{title}</h1>
          <States runs={runs} />
        </header>
        <main>
          {scenarios.length === 0 ? (
            <p>
              No trial tells what a proxy does:{" "}
              <code>{npxCommand} run --scenarios proxy --proxies nginx</code> looks for it.
            </p>
          ) : null}
          {scenarios.map((scenario) => (
            <ScenarioAtlas key={scenario.name} scenario={scenario} />
          ))}
          <Section id="repeat" title="Make it again">
            <p>The trials, and then this page from their results:</p>
            <div class="command">
              <pre tabIndex={0}>
                <code>
                  {[
                    ...runs.map(({ results }) => results.run.command),
                    `${npxCommand} report ${runs.map(() => "RESULTS").join(" ")} --format atlas --out atlas.html`,
                  ].join("\n")}
                </code>
              </pre>
            </div>
          </Section>
        </main>
      </body>
    </html>
  );
}

function ScenarioAtlas({ scenario }: { readonly scenario: ScenarioSummary }): VNode {
  const { name, about, workload, doubts } = scenario;
  return (
    <Section id={fileSafe(name)} title={about}>
      <p class="quiet">
        <bdi>{workload}</bdi>
      </p>
      <Atlases scenario={scenario} id="atlas" />
      {doubts.length === 0 ? null : (
        <details>
          <summary>Warnings, and trials that don't count</summary>
          <ul>
            <Items texts={doubts.map(({ variants, text }) => `${variants.join(", ")}: ${text}`)} />
          </ul>
        </details>
      )}
    </Section>
  );
}
