import type { Chart } from "../charts/chart.ts";
import type { ScenarioSummary } from "../summary.ts";

/** A chart under the id that it has in the page, with its picture; null where none could be drawn. */
export interface PageChart {
  readonly id: string;
  readonly chart: Chart;
  readonly picture: Uint8Array | null;
}

/** A scenario under the id that it has in the page. */
export interface PlacedScenario {
  readonly id: string;
  readonly scenario: ScenarioSummary;
}
