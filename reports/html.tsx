import { renderToString } from "preact-render-to-string";
import { figureTables } from "./atlas/figure-tables.ts";
import { browserTables } from "./browser-limits/limits.ts";
import { distinct, fileSafe } from "./charts/file-safe.ts";
import { chartsOf } from "./charts/index.ts";
import { stylesOf } from "./charts/style.ts";
import { coefficientsOf } from "./cost/coefficients.ts";
import { figures } from "./figures.ts";
import { assets } from "./page/document-head.tsx";
import { measuredInputs } from "./page/measured-inputs.ts";
import { Page } from "./page/page.tsx";
import type { PlacedScenario } from "./page/scenario.tsx";
import { shortenedRun } from "./page/shortened.ts";
import { defineReport } from "./report.ts";
import type { RenderOptions } from "./report.ts";
import type { Run } from "./run.ts";
import { summarise } from "./summary.ts";
import type { ScenarioSummary } from "./summary.ts";

/** One page that needs nothing beside itself: neither a server nor a network. */
export const html = defineReport({
  async render(given: readonly Run[], { draw, base = null }: Pick<RenderOptions, "draw" | "base">) {
    const runs = given.map(shortenedRun);
    const summary = summarise(runs);
    const styles = stylesOf(runs);
    const coefficients = coefficientsOf(runs);
    const charts = chartsOf(runs);
    // They stay the same from page to page, as long as things have the same names.
    const chartIds = distinct(charts.map(({ name }) => `chart-${fileSafe(name)}`));
    const pictures: (Uint8Array | null)[] = [];
    for (const chart of charts) pictures.push((await draw(chart))?.plain ?? null);
    const page = (
      <Page
        runs={runs}
        summary={summary}
        scenarios={placed(summary.scenarios)}
        charts={charts.map((chart, index) => ({
          id: chartIds[index] ?? "",
          chart,
          picture: pictures[index] ?? null,
        }))}
        styles={styles}
        costs={coefficients.map((variant) => ({
          coefficients: variant,
          style: styles.get(variant.name),
        }))}
        inputs={measuredInputs(coefficients)}
        base={base}
        csv={figures.render(runs)}
        assets={assets()}
      />
    );
    return `<!doctype html>\n${renderToString(page)}\n`;
  },
});

function placed(scenarios: readonly ScenarioSummary[]): PlacedScenario[] {
  const ids = distinct(scenarios.map(({ name }) => `scenario-${fileSafe(name)}`));
  return scenarios.map((scenario, index) => ({
    id: ids[index] ?? "",
    scenario: { ...scenario, tables: figureTables(scenario) },
    browsers: browserTables(scenario),
  }));
}
